/**
 * The elements of pages one by one. An iterator of its own: a Stream or an async generator asks a
 * price for each element that is more than that of reading and mapping it.
 */
export const flattened = <Page, A>(
  pages: AsyncIterable<Page>,
  elements: (page: Page) => ReadonlyArray<A>,
  signal?: AbortSignal,
): AsyncIterable<A> => ({
  [Symbol.asyncIterator]: () => {
    const iterator = pages[Symbol.asyncIterator]()
    let rest: Iterator<A> = [][Symbol.iterator]()
    // Set while a page is read: who asks meanwhile comes after who asked before.
    let turn: Promise<IteratorResult<A>> | null = null
    let isLeft = false

    const readOn = async (): Promise<IteratorResult<A>> => {
      for (;;) {
        if (isLeft) return { done: true, value: undefined }
        // What is left of a page is not given after an abort; the pages themselves then reject.
        if (signal?.aborted === true) rest = [][Symbol.iterator]()
        const next = rest.next()
        if (next.done !== true) return next
        const page = await iterator.next()
        // Who left meanwhile is given nothing of a page that comes after.
        if (page.done === true || isLeft) return { done: true, value: undefined }
        rest = elements(page.value)[Symbol.iterator]()
      }
    }

    return {
      next: () => {
        if (turn === null && signal?.aborted !== true) {
          const next = rest.next()
          if (next.done !== true) return Promise.resolve(next)
        }
        const mine: Promise<IteratorResult<A>> = turn === null ? readOn() : turn.then(readOn)
        const isOver = () => {
          if (turn === mine) turn = null
        }
        turn = mine
        mine.then(isOver, isOver)
        return mine
      },
      return: async () => {
        isLeft = true
        rest = [][Symbol.iterator]()
        await iterator.return?.()
        return { done: true, value: undefined }
      },
    }
  },
})
