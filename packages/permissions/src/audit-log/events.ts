import type { AuditEvent, AuditUser } from "../audit.ts";

/** An event as it's written, with its times; RFC 3339. */
export interface LoggedEvent extends AuditEvent {
  requestReceivedTimestamp?: string;
  stageTimestamp?: string;
}

/** The events of a JSON text, which is an audit.k8s.io Event or an EventList, as webhooks get them; undefined when it's neither. */
export function eventsOf(text: string): LoggedEvent[] | undefined {
  let value: unknown;
  try {
    // A field that is null is none.
    value = text.includes("null") ? JSON.parse(text, (_key, field: unknown) => field ?? undefined) : JSON.parse(text);
  } catch {
    return undefined;
  }
  if (isEvent(value)) return [value];
  if (!isObject(value) || value["kind"] !== "EventList" || !Array.isArray(value["items"])) return undefined;
  return value["items"].every(isEvent) ? value["items"] : undefined;
}

/** A list's items leave kind and apiVersion out. */
function isEvent(value: unknown): value is LoggedEvent {
  if (
    !isObject(value) ||
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
    isOptional(authenticationMetadata, (metadata) => isObject(metadata) && isOptional(metadata["impersonationConstraint"], isText)) &&
    isOptional(
      objectRef,
      (ref) =>
        isObject(ref) && ["apiGroup", "resource", "subresource", "namespace", "name"].every((field) => isOptional(ref[field], isText)),
    ) &&
    isOptional(responseStatus, (status) => isObject(status) && isOptional(status["code"], (code) => typeof code === "number")) &&
    isOptional(value["requestReceivedTimestamp"], isText) &&
    isOptional(value["stageTimestamp"], isText)
  );
}

function isUser(value: unknown): value is AuditUser {
  return (
    isObject(value) &&
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
  return isObject(value) && Object.values(value).every(is);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
