export { unlessAborted } from "./clock/abort.ts";
export { atMost } from "./flowcontrol/at-most.ts";
export { builtin, type NodeMetrics, type PodMetrics } from "./client/builtin.ts";
export { Cache, type CacheOptions } from "./cache/cache.ts";
export { systemClock, type Clock } from "./clock/clock.ts";
export {
  ApiError,
  ConnectionError,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isInvalid,
  isNotFound,
  isUnavailable,
  isNotServed,
  isRefusedByBudget,
  isTooManyRequests,
  isUnauthorized,
  mayPass,
  UndeclaredCallError,
} from "./errors.ts";
export type { DeclaredRule, Settings } from "./client/declared-rule.ts";
export type { ObjectReference, Occurrence } from "./events/event.ts";
export { eventPermissions } from "./events/permissions.ts";
export { EventRecorder, type EventRecorderOptions } from "./events/recorder.ts";
export { each } from "./flowcontrol/each.ts";
export { FairLimiter, type FairLimiterOptions } from "./flowcontrol/fair-limiter.ts";
export { gate, type Bounds, type Declaration, type GatedClient, type GateOptions, type Permission } from "./client/gate.ts";
export { KubeconfigError } from "./auth/kubeconfig-error.ts";
export { durationsFault, type Durations } from "./leader/durations.ts";
export { Elector, type ElectorOptions } from "./leader/elector.ts";
export { Fence, LostLeaseError } from "./leader/fence.ts";
export { fenced } from "./leader/fenced.ts";
export { leaderPermissions } from "./leader/permissions.ts";
export type { ListOptions, Page, Selection } from "./client/list.ts";
export { Latest, versionOf } from "./cache/latest.ts";
export { messageOf } from "./message.ts";
export { metadataPages, type Named, type PartialObject } from "./client/metadata.ts";
export type {
  CallOptions,
  DeleteOptions,
  JsonPatchOperation,
  LogMethods,
  LogOptions,
  Methods,
  ObjectMethods,
  PatchOptions,
} from "./client/methods.ts";
export { Deadlines } from "./workqueue/deadlines.ts";
export { splitKey } from "./workqueue/key.ts";
export { type QueueObserver, WorkQueue, type WorkQueueOptions } from "./workqueue/queue.ts";
export type { Source } from "./cache/reflector.ts";
export {
  NameError,
  resource,
  type Definition,
  type KubeObject,
  type LogText,
  type Ref,
  type Resource,
  type Stored,
} from "./client/resource.ts";
export { statusChange } from "./client/status-change.ts";
export type { Namespaces, Scope } from "./client/scope.ts";
export type { Sender } from "./transport/api-request.ts";
export { loadTransport, Transport, type TransportOptions } from "./transport/transport.ts";
export type { Verb } from "./client/verb.ts";
export type { WatchEvent, WatchOptions } from "./client/watch.ts";
export { Alarm } from "./clock/alarm.ts";
export { Slice } from "./clock/slice.ts";
export { Turns } from "./clock/turns.ts";
export type { CacheEvent, Handler } from "./cache/listener.ts";
export { SpamFilter } from "./events/spam-filter.ts";
export { SharedWatches, type Wanted } from "./cache/shared-watches.ts";
export { View } from "./cache/view.ts";
export { Semaphore } from "./flowcontrol/semaphore.ts";
export type { Rate } from "./flowcontrol/token-bucket.ts";
