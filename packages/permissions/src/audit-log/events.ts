import { isRecord } from "./json.ts";
import { valuesIn } from "./values.ts";
import { unwrapped, type LogSource } from "./wrappings.ts";
import type { AuditEvent, AuditUser } from "../infer/audit.ts";

/** An event as it's written, with its times; RFC 3339. */
export interface LoggedEvent extends AuditEvent {
  requestReceivedTimestamp?: string;
  stageTimestamp?: string;
  userAgent?: string;
}

/** The events of a text, and what else there is in it. */
export interface LoggedEvents {
  events: LoggedEvent[];
  /** Where they are from, if their wrappings show that. */
  sources: Set<LogSource>;
  /** What should be events and isn't. */
  malformed: number;
}

/** The events of a JSON text; undefined when it's no audit log, or holds anything else. */
export function eventsOf(text: string): LoggedEvent[] | undefined {
  const { events, malformed } = readEvents(text);
  return malformed === 0 ? events : undefined;
}

/**
 * The events of a text: audit.k8s.io Events and EventLists, as webhooks get them, arrays of these, and what managed clusters and programs that
 * pass logs on make of them; one value or several.
 */
export function readEvents(text: string): LoggedEvents {
  const found: LoggedEvents = { events: [], sources: new Set(), malformed: 0 };
  // As `aws logs tail` prints a line: TIME STREAM EVENT.
  const from = /^\S+ kube-apiserver-audit-/.test(text) ? "EKS" : undefined;
  for (const value of valuesIn(text)) {
    if (Array.isArray(value) && value.length === 0) found.malformed++;
    gather(value, from, found);
  }
  return found;
}

function gather(value: unknown, from: LogSource | undefined, found: LoggedEvents): void {
  if (isEvent(value)) {
    // A shipper may leave out what is null.
    found.events.push({ ...value, requestURI: value.requestURI ?? "" });
    if (from !== undefined) found.sources.add(from);
  } else if (isList(value)) for (const one of value.items) gather(one, from, found);
  else if (Array.isArray(value)) for (const one of value) gather(one, from, found);
  else if (typeof value === "string" && value.includes("{")) for (const one of valuesIn(value)) gather(one, from, found);
  else {
    const opened = isRecord(value) ? unwrapped(value) : undefined;
    if (opened === undefined) found.malformed++;
    else gather(opened.held, opened.from ?? from, found);
  }
}

function isList(value: unknown): value is { items: unknown[] } {
  return isRecord(value) && (value["kind"] ?? "EventList") === "EventList" && Array.isArray(value["items"]);
}

/** A list's items leave kind and apiVersion out. Where there is an object, it tells what was asked for nearly as well as the path. */
export function isEvent(value: unknown): value is Omit<LoggedEvent, "requestURI"> & { requestURI?: string } {
  if (
    !isRecord(value) ||
    (value["kind"] ?? "Event") !== "Event" ||
    !isText(value["auditID"]) ||
    !isText(value["stage"]) ||
    !isText(value["verb"]) ||
    !(
      isText(value["requestURI"]) ||
      (value["requestURI"] === undefined && isRecord(value["objectRef"]) && isText(value["objectRef"]["resource"]))
    )
  )
    return false;
  const { user, impersonatedUser, authenticationMetadata, objectRef, responseStatus, annotations } = value;
  return (
    isOptional(user, isUser) &&
    isOptional(impersonatedUser, isUser) &&
    isOptional(annotations, (map) => areAll(map, isText)) &&
    isOptional(authenticationMetadata, (metadata) => isRecord(metadata) && isOptional(metadata["impersonationConstraint"], isText)) &&
    isOptional(
      objectRef,
      (ref) =>
        isRecord(ref) && ["apiGroup", "resource", "subresource", "namespace", "name"].every((field) => isOptional(ref[field], isText)),
    ) &&
    isOptional(responseStatus, (status) => isRecord(status) && isOptional(status["code"], (code) => typeof code === "number")) &&
    isOptional(value["requestReceivedTimestamp"], isText) &&
    isOptional(value["stageTimestamp"], isText) &&
    isOptional(value["userAgent"], isText)
  );
}

function isUser(value: unknown): value is AuditUser {
  return (
    isRecord(value) &&
    isOptional(value["username"], isText) &&
    isOptional(value["uid"], isText) &&
    isOptional(value["groups"], areTexts) &&
    isOptional(value["extra"], (extra) => areAll(extra, areTexts))
  );
}

function isOptional(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || is(value);
}

function areAll(value: unknown, is: (value: unknown) => boolean): boolean {
  return isRecord(value) && Object.values(value).every(is);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
