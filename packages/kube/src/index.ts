export { builtin } from "./builtin.ts";
export { Cache, type CacheEvent, type CacheOptions, type Handler } from "./cache.ts";
export { systemClock, type Clock } from "./clock.ts";
export {
  ApiError,
  ConnectionError,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isInvalid,
  isNotFound,
  isTooManyRequests,
  isUnauthorized,
  UndeclaredCallError,
} from "./errors.ts";
export { gate, type Declaration, type DeclaredRule, type GatedClient, type Permission, type Verb } from "./gate.ts";
export { KubeconfigError } from "./kubeconfig.ts";
export type { ListOptions, Page, Selection } from "./list.ts";
export type {
  CallOptions,
  DeleteOptions,
  JsonPatchOperation,
  LogMethods,
  LogOptions,
  Methods,
  ObjectMethods,
  PatchOptions,
} from "./methods.ts";
export { WorkQueue, type WorkQueueOptions } from "./queue.ts";
export type { Source } from "./reflector.ts";
export { resource, type Definition, type KubeObject, type LogText, type Ref, type Resource, type Stored } from "./resource.ts";
export { loadTransport, Transport, type TransportOptions } from "./transport.ts";
export type { WatchEvent, WatchOptions } from "./watch.ts";
