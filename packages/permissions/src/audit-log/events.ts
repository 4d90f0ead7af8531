import { isRecord, parseJson } from "./json.ts";
import { unwrapped, type LogSource } from "./wrappings.ts";
import type { AuditEvent, AuditUser } from "../audit.ts";

/** An event as it's written, with its times; RFC 3339. */
export interface LoggedEvent extends AuditEvent {
  requestReceivedTimestamp?: string;
  stageTimestamp?: string;
  userAgent?: string;
}

/** The events of a text, and what else there is in it. */
export interface LoggedEvents {
  events: LoggedEvent[];
  /** Where the log is from, if its wrapping shows that. */
  from?: LogSource;
  /** What should be events and isn't. */
  malformed: number;
}

/** The events of a JSON text; undefined when it's no audit log, or holds anything else. */
export function eventsOf(text: string): LoggedEvent[] | undefined {
  const read = readEvents(text);
  return read?.malformed === 0 ? read.events : undefined;
}

/**
 * The events of a JSON text, which is an audit.k8s.io Event, an EventList, as webhooks get them, an array of either, or what a managed cluster's
 * logs make of them, with or without a time before the first brace; undefined when it's none of these.
 */
export function readEvents(text: string): LoggedEvents | undefined {
  const brace = text.indexOf("{");
  const value = parseJson(text) ?? (brace > 0 ? parseJson(text.slice(brace)) : undefined);
  if (isEvent(value)) return { events: [value], malformed: 0 };
  if (isList(value)) return counted(value.items);
  if (Array.isArray(value) && value.some((one) => isList(one) || (isRecord(one) && isText(one["auditID"]))))
    return counted(value.flatMap((one: unknown) => (isList(one) ? one.items : [one])));
  const found = unwrapped(value);
  return found && { ...counted(found.events), from: found.from };
}

function counted(values: readonly unknown[]): LoggedEvents {
  const events = values.filter(isEvent);
  return { events, malformed: values.length - events.length };
}

function isList(value: unknown): value is { items: unknown[] } {
  return isRecord(value) && value["kind"] === "EventList" && Array.isArray(value["items"]);
}

/** A list's items leave kind and apiVersion out. */
function isEvent(value: unknown): value is LoggedEvent {
  if (
    !isRecord(value) ||
    (value["kind"] ?? "Event") !== "Event" ||
    !isText(value["auditID"]) ||
    !isText(value["stage"]) ||
    !isText(value["verb"]) ||
    !isText(value["requestURI"])
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
