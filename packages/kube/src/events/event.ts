import type { Event } from "kubernetes-types/events/v1.d.ts";
import { present } from "../auth/credentials.ts";
import { microTime } from "../clock/micro-time.ts";
import { eventName } from "./name.ts";
import { truncate } from "./truncate.ts";

/** Names one object in an event. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  /** None of an object that has none. */
  namespace?: string | undefined;
  name: string;
  uid: string;
  resourceVersion?: string | undefined;
  /** A part of the object, such as `spec.containers{main}`. */
  fieldPath?: string | undefined;
}

/** Something that happened to an object. */
export interface Occurrence {
  /** What it happened to, and where `kubectl describe` shows it. */
  regarding: ObjectReference;
  /** A second object that has to do with it. */
  related?: ObjectReference | undefined;
  type: "Normal" | "Warning";
  /** Why it happened, in one word such as `StepFailed`. 128 bytes at most; what is longer is cut. */
  reason: string;
  /** What was done, or could not be done, in one word such as `Retrying`. 128 bytes at most; what is longer is cut. */
  action: string;
  /** What to tell a person. 1,024 bytes at most; what is longer is cut. */
  note: string;
}

/** Who tells of events. */
export interface Reporter {
  /** The controller's name, such as `plimsoll.dev/pipelines`. */
  controller: string;
  /** Which of its processes. 128 bytes at most; what is longer is cut. */
  instance: string;
}

/** Where the event of an object is: beside the object or, for one that has no namespace, where kubectl looks for it. */
export function namespaceOf({ namespace }: ObjectReference): string {
  return namespace || "default";
}

/** The event of an occurrence at `now`, in milliseconds since 1970; `suffix` makes its name unique. */
export function eventOf({ regarding, related, type, reason, action, note }: Occurrence, reporter: Reporter, now: number, suffix: string) {
  return {
    metadata: { namespace: namespaceOf(regarding), name: eventName(regarding.name, suffix) },
    eventTime: microTime(now),
    reportingController: reporter.controller,
    reportingInstance: truncate(reporter.instance, 128),
    type,
    reason: truncate(reason, 128),
    action: truncate(action, 128),
    note: truncate(note, 1_024),
    regarding: referenceOf(regarding),
    ...(related && { related: referenceOf(related) }),
  } satisfies Event;
}

function referenceOf({ apiVersion, kind, namespace, name, uid, resourceVersion, fieldPath }: ObjectReference) {
  return {
    apiVersion,
    kind,
    name,
    uid,
    ...present("namespace", namespace),
    ...present("resourceVersion", resourceVersion),
    ...present("fieldPath", fieldPath),
  };
}

/**
 * The same of occurrences that are told as one. An object's resourceVersion and the note are no part of it: the one changes with
 * whatever is written to the object, and the other may have a time or a count in it.
 */
export function keyOf({ regarding, related, type, reason, action }: Occurrence): string {
  return JSON.stringify([
    type,
    reason,
    action,
    objectKeyOf(regarding),
    regarding.fieldPath,
    related && [objectKeyOf(related), related.fieldPath],
  ]);
}

/** The same of references to one object. */
export function objectKeyOf({ apiVersion, kind, namespace, name, uid }: ObjectReference): string {
  return JSON.stringify([apiVersion, kind, namespace, name, uid]);
}
