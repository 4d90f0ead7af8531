export { controllerOn } from "./controller-on.ts";
export { fullLedger } from "./full-ledger.ts";
export { Server } from "./server.ts";
