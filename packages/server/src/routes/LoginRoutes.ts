import * as Effect from "effect/Effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import * as Schema from "effect/Schema"
import { sessionCookie } from "../api/Api.js"
import type { Access } from "../security/Access.js"

/** `/login` and `/logout`: a token in exchange for a cookie, for people with browsers. */
export const loginRoutes = (access: Access) =>
  HttpRouter.use((router) =>
    Effect.gen(function* () {
      yield* router.add("GET", "/login", loginPage(null))
      yield* router.add("GET", "/login.css", styleSheet)
      yield* router.add(
        "POST",
        "/login",
        Effect.gen(function* () {
          const { token, next } = yield* readForm
          const session = access.beginSession(token)
          if (session === null) return loginPage("This token is not valid.", 401)
          return yield* HttpServerResponse.redirect(pathOnly(next), { status: 303 }).pipe(
            HttpServerResponse.setCookie(sessionCookie, session, cookieOptions),
            Effect.orDie,
          )
        }).pipe(Effect.catch(() => Effect.succeed(loginPage("Enter a token.", 400)))),
      )
      yield* router.add("POST", "/logout", (request) =>
        Effect.sync(() => {
          access.endSession(request.cookies[sessionCookie] ?? "")
          return HttpServerResponse.redirect("/login", { status: 303 }).pipe(
            HttpServerResponse.expireCookieUnsafe(sessionCookie, cookieOptions),
          )
        }),
      )
    }),
  )

const cookieOptions = { httpOnly: true, sameSite: "strict", path: "/" } as const

/** A form is short; nobody needs to send more. */
const readForm = HttpServerRequest.schemaBodyUrlParams(
  Schema.Struct({
    token: Schema.NonEmptyString.check(Schema.isMaxLength(1000)),
    next: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(2000))),
  }),
)

/** Where to go on: a path of this server. */
const pathOnly = (next = "/"): string => (/^\/(?![/\\])[^\s\\]*$/.test(next) ? next : "/")

const loginPage = (fault: string | null, status = 200) =>
  HttpServerResponse.html(
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in to execlog</title>
<link rel="stylesheet" href="/login.css">
<main>
<h1>execlog</h1>
<form method="post" action="/login">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
${fault === null ? "" : `<p role="alert">${fault}</p>`}
<button>Log in</button>
</form>
</main>
</html>
`,
  ).pipe(HttpServerResponse.setStatus(status))

const styleSheet = HttpServerResponse.text(
  `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { display: grid; min-height: 100vh; margin: 0; place-items: center }
main { width: min(20rem, 90vw) }
h1 { font-size: 1.25rem }
label, input, button { display: block; box-sizing: border-box; width: 100%; font: inherit }
input, button { margin-top: .5rem; padding: .5rem .75rem; border: 1px solid GrayText; border-radius: .375rem }
button { cursor: pointer }
`,
  { contentType: "text/css; charset=utf-8" },
)
