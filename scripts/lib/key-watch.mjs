import { inspect } from "node:util"
import { holdsKey } from "./key-marks.mjs"

/**
 * A vitest reporter that fails the run where a key shows in what tests print or throw. It says
 * where, and does not show the key again.
 */
export default class KeyWatch {
  /** @type {Array<string>} */
  #places = []
  /** @type {import("vitest/node").Vitest | undefined} */
  #vitest
  #written = ""

  /** @param {import("vitest/node").Vitest | undefined} vitest */
  onInit(vitest) {
    this.#vitest = vitest
    this.#listen(process.stdout)
    this.#listen(process.stderr)
  }

  /** @param {Pick<import("vitest").UserConsoleLog, "content" | "type" | "taskId">} log */
  onUserConsoleLog({ content, type, taskId = "" }) {
    if (!holdsKey(content)) return
    const entity = this.#vitest?.state.getReportedEntityById(taskId)
    const name = entity !== undefined && "fullName" in entity ? entity.fullName : "some test"
    this.#places.push(`${type} of ${name}`)
  }

  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    this.#look("outside of the tests", unhandledErrors)
    for (const module of modules) {
      this.#look(module.moduleId, module.errors())
      for (const suite of module.children.allSuites()) this.#look(suite.fullName, suite.errors())
      for (const test of module.children.allTests())
        this.#look(test.fullName, test.result().errors ?? [])
    }
    if (holdsKey(this.#written)) this.#places.push("what was written past the console")
    if (this.#places.length === 0) return
    console.error(["A key shows in what tests print or throw:", ...this.#places].join("\n  "))
    process.exitCode = 1
  }

  /**
   * Workers and their children write through here, as bytes; what vitest itself says is text, and
   * its names of tests may show the keys that they try.
   * @param {NodeJS.WriteStream} stream
   */
  #listen(stream) {
    const write = stream.write.bind(stream)
    stream.write = (/** @type {any[]} */ ...given) => {
      const [chunk] = given
      if (chunk instanceof Uint8Array) this.#written += Buffer.from(chunk).toString("latin1")
      return Reflect.apply(write, stream, given)
    }
  }

  /**
   * @param {string} place
   * @param {readonly unknown[]} errors
   */
  #look(place, errors) {
    const text = inspect(errors, { depth: null, maxStringLength: null, maxArrayLength: null })
    if (holdsKey(text)) this.#places.push(`the error of ${place}`)
  }
}
