export { fullLedger } from "./full-ledger.ts";
