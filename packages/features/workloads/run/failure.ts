import { ApiError, isConflict, isInvalid, isNotFound, messageOf } from "@plimsoll/kube";
import { listed } from "../../listed.ts";

/** Why an object isn't as its set says. */
export interface Failure {
  reason: "Conflict" | "Immutable" | "Owned" | "Refused" | "NotGranted" | "Failed";
  message: string;
  /** What is to be thrown, so that it's soon tried again; undefined where somebody has to do something. */
  error?: unknown;
}

/** The fields that others hold, each with whom; empty for another error. */
export function conflictsIn(error: unknown): string[] {
  if (!isConflict(error)) return [];
  const causes = error.details?.causes ?? [];
  return causes.flatMap(({ reason, field, message }) => {
    if (reason !== "FieldManagerConflict") return [];
    const [, manager = message ?? "another manager"] = /^conflict with "([^"]*)"/.exec(message ?? "") ?? [];
    return `${field ?? ""} is held by ${manager}`;
  });
}

/** What the API server's refusal of an apply comes to. */
export function failureOf(error: unknown): Failure {
  const conflicts = conflictsIn(error);
  if (conflicts.length > 0)
    return { reason: "Conflict", message: `${listed(conflicts)}: leave that to them, or say conflicts: force to take it over` };
  if (isImmutable(error)) return { reason: "Immutable", message: `${said(error)}: say onImmutable: replace to delete it and make it anew` };
  const isRefused = error instanceof ApiError && [400, 403, 404, 413, 422].includes(error.code) && !isGoneMeanwhile(error);
  if (isRefused || isOfFields(error)) return { reason: "Refused", message: said(error) };
  return { reason: "Failed", message: said(error), error };
}

/** Whether an update was refused as something of the object can't be changed. */
export function isImmutable(error: unknown): boolean {
  if (!isInvalid(error)) return false;
  return /field is immutable|may not change fields other than|for fields other than .* are forbidden|may not be changed/.test(
    error.message,
  );
}

/** What the API server has said, without the request: field by field where it named some, and without the values that it repeats. */
export function said(error: unknown): string {
  const causes = isInvalid(error) ? (error.details?.causes ?? []) : [];
  const named = causes.flatMap(({ field, message }) => (field && message ? [`${field}: ${shortened(message)}`] : []));
  if (named.length > 0) return listed(named);
  if (isOfFields(error)) return listed(fieldsIn(error.said));
  return shortened(error instanceof ApiError ? error.said : messageOf(error));
}

const untyped = /^failed to create typed patch object \(.*?\): /;

/** Whether an apply has a field that its kind hasn't, or a value of another type: Kubernetes 1.36 answers that with code 500. */
function isOfFields(error: unknown): error is ApiError {
  return error instanceof ApiError && untyped.test(error.said);
}

/** What is wrong with which field: one after the colon, several a line each. */
function fieldsIn(text: string): string[] {
  const [first = "", ...others] = text.replace(untyped, "").split("\n");
  const faults = others.length > 0 ? others : [first];
  // What isn't of the field's type is printed as Go holds it.
  return faults.map((fault) =>
    fault
      .trim()
      .replace(/^\./, "")
      .replace(/&value\.valueUnstructured\{Value:(.*)\}$/, "$1"),
  );
}

/** Whole templates may stand in the middle. */
function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 60)}… ${text.slice(-200).replace(/^.*[}\]]: /s, "")}` : text;
}

function isGoneMeanwhile(error: ApiError): boolean {
  return isNotFound(error) && error.details?.name !== undefined;
}
