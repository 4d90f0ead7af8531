export { der, type Der } from "./der.ts";
export { keysOf, pemOf, requestPem, sealed, type Asked, type KeyKind } from "./request.ts";
