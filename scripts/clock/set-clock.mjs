/**
 * Has `Date` tell another time in this process. Timers go on as they do.
 * @param {() => number} now
 */
export const setClock = (now) => {
  globalThis.Date = new Proxy(Date, {
    apply: (target) => new target(now()).toString(),
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  })
}
