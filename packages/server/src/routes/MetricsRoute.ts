import * as Effect from "effect/Effect"
import { HttpRouter, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { Metrics } from "../metrics/Metrics.js"
import type { Access } from "../security/Access.js"
import { letIn } from "../security/Guard.js"
import { asProblems } from "./StoreProblems.js"

const contentType = "text/plain; version=0.0.4; charset=utf-8"

/** `/metrics`, for Prometheus. */
export const metricsRoute = (access: Access) =>
  HttpRouter.use((router) =>
    Effect.gen(function* () {
      const metrics = yield* Metrics
      yield* router.add("GET", "/metrics", (request) =>
        letIn(access, request).pipe(
          Effect.andThen(asProblems(metrics.text)),
          Effect.map((text) => HttpServerResponse.text(text, { contentType })),
          Effect.catch((problem) => Effect.orDie(HttpServerRespondable.toResponse(problem))),
        ),
      )
    }),
  )
