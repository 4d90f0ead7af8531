export { unlessAborted } from "./abort.ts";
export { atMost } from "./at-most.ts";
export { builtin } from "./builtin.ts";
export { Cache, type CacheOptions } from "./cache.ts";
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
  isNotServed,
  isTooManyRequests,
  isUnauthorized,
  mayPass,
  UndeclaredCallError,
} from "./errors.ts";
export type { DeclaredRule } from "./declared-rule.ts";
export type { ObjectReference, Occurrence } from "./events/event.ts";
export { eventPermissions } from "./events/permissions.ts";
export { EventRecorder, type EventRecorderOptions } from "./events/recorder.ts";
export { FairLimiter, type FairLimiterOptions } from "./fair-limiter.ts";
export { gate, type Bounds, type Declaration, type GatedClient, type GateOptions, type Permission } from "./gate.ts";
export { KubeconfigError } from "./kubeconfig-error.ts";
export { durationsFault, type Durations } from "./leader/durations.ts";
export { Elector, type ElectorOptions } from "./leader/elector.ts";
export { Fence, LostLeaseError } from "./leader/fence.ts";
export { fenced } from "./leader/fenced.ts";
export { leaderPermissions } from "./leader/permissions.ts";
export type { ListOptions, Page, Selection } from "./list.ts";
export { messageOf } from "./message.ts";
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
export { type QueueObserver, WorkQueue, type WorkQueueOptions } from "./queue.ts";
export type { Source } from "./reflector.ts";
export { NameError, resource, type Definition, type KubeObject, type LogText, type Ref, type Resource, type Stored } from "./resource.ts";
export type { Namespaces, Scope } from "./scope.ts";
export type { Sender } from "./api-request.ts";
export { loadTransport, Transport, type TransportOptions } from "./transport.ts";
export type { Verb } from "./verb.ts";
export type { WatchEvent, WatchOptions } from "./watch.ts";
export { Turns } from "./turns.ts";
export type { CacheEvent, Handler } from "./listener.ts";
export { SharedWatches, type Wanted } from "./shared-watches.ts";
export { View } from "./view.ts";
export { Semaphore } from "./semaphore.ts";
export type { Rate } from "./token-bucket.ts";
