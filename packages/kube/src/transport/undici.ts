/** What is used of undici, by the files that have it: all of undici, with its fetch, WebSocket, caches and mocks, takes 13 MB more. */
export { default as request } from "undici/lib/api/api-request.js";
export { default as buildConnector } from "undici/lib/core/connect.js";
export { default as Pool } from "undici/lib/dispatcher/pool.js";
export { default as DecoratorHandler } from "undici/lib/handler/decorator-handler.js";
