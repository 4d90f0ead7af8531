import "reflect-metadata";
export * as x509 from "@peculiar/x509";
export { der, type Der } from "./der.ts";
export { keysOf, pemOf, requestPem, sealed, type Asked, type KeyKind } from "./request.ts";
