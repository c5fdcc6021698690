import { type HttpAnswer, jsonAnswer } from "../shared/HttpAnswer.js"
import type { DifyVersion } from "./Wire.js"

/** The responses of one version of Dify. Each has its headers. */
export interface DifyAnswers {
  readonly json: (value: unknown, skipped: number) => HttpAnswer
  readonly error: (status: number, code: string, message: string) => HttpAnswer
  readonly unauthorized: (message: string) => HttpAnswer
  readonly fault: HttpAnswer
  readonly notFound: HttpAnswer
}

const versionNumbers = { newer: "1.13.0", older: "0.15.3", "1.12.1": "1.12.1" } as const

const notFoundPage =
  "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n" +
  "<p>The requested URL was not found on the server. " +
  "If you entered the URL manually please check your spelling and try again.</p>\n"

/** The responses of a version. */
export const answersOf = (version: DifyVersion): DifyAnswers => {
  const headers = { "x-version": versionNumbers[version], "x-env": "PRODUCTION" }
  const error = (status: number, code: string, message: string) =>
    jsonAnswer(status, { code, message, status }, headers)
  return {
    json: (value, skipped) => jsonAnswer(200, value, headers, skipped),
    error,
    unauthorized: (message) =>
      jsonAnswer(
        401,
        { code: "unauthorized", message, status: 401 },
        { "www-authenticate": 'Bearer realm="api"', ...headers },
      ),
    fault: error(500, "unknown", "Internal Server Error"),
    notFound: {
      status: 404,
      headers: { "content-type": "text/html; charset=utf-8", ...headers },
      body: notFoundPage,
    },
  }
}
