/** Effect's HTTP server on node:http. The build bundles it: its package requires a Redis client. */
export * from "@effect/platform-node/NodeHttpServer"
