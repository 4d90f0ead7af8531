import { resourceText, type Request } from "@plimsoll/permissions";
import type { DeclaredRule } from "./client/declared-rule.ts";
import { placeOf, type Namespaces } from "./client/scope.ts";
import { verbs } from "./client/verb.ts";

/** What is read of a metav1.Status. */
interface Status {
  message: string | undefined;
  reason: string | undefined;
  code: number | undefined;
  details: Details;
  continueToken: string | undefined;
}

type Details = { name: string | undefined; retryAfterSeconds: number | undefined; causes: readonly Cause[] } | undefined;

/** One of several reasons, as of a field that cannot be set. */
interface Cause {
  reason: string | undefined;
  message: string | undefined;
  field: string | undefined;
}

/** Reads a body that may be anything. Without zod, which every thread that speaks to an API server would have to load. */
function statusOf(body: unknown): Status {
  const { message, reason, code, details, metadata } = fieldsOf(body);
  const { name, retryAfterSeconds, causes } = fieldsOf(details);
  const seconds = number(retryAfterSeconds);
  return {
    message: string(message),
    reason: string(reason),
    code: number(code),
    details: isObject(details)
      ? {
          name: string(name),
          retryAfterSeconds: seconds !== undefined && seconds >= 0 ? seconds : undefined,
          causes: Array.isArray(causes) ? causes.map(causeOf) : [],
        }
      : undefined,
    continueToken: string(fieldsOf(metadata)["continue"]),
  };
}

function causeOf(value: unknown): Cause {
  const { reason, message, field } = fieldsOf(value);
  return { reason: string(reason), message: string(message), field: string(field) };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const fieldsOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
const string = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** The reasons of metav1.Status that go with a code when the server (or a proxy before it) names none. */
const reasons: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The API server answered with an error. `reason` is that of metav1.Status (`NotFound`, `Conflict`, …). */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  /** What the server said, without what was asked of it. */
  readonly said: string;
  readonly details: Details;
  /** Seconds after which the server asks us to come back. */
  readonly retryAfter: number | undefined;
  /** Where an expired list may go on, at a newer moment than its earlier pages. */
  readonly continueToken: string | undefined;

  /** `call` says what was asked, as "GET /api/v1/pods"; `body` is the answer: a metav1.Status, or anything else. */
  constructor(call: string, code: number, body: unknown, retryAfter?: number) {
    const status = statusOf(body);
    const reason = status.reason || reasons[code] || "Unknown";
    const message = status.message || (typeof body === "string" && body.trim()) || "the server gave no message";
    super(`${call}: ${code} ${reason}: ${message}`);
    this.name = "ApiError";
    this.code = code;
    this.reason = reason;
    this.said = message;
    this.details = status.details;
    this.retryAfter = retryAfter ?? status.details?.retryAfterSeconds;
    this.continueToken = status.continueToken;
  }
}

/** An ERROR event of a watch carries a metav1.Status, whose code stands in its body only. */
export function statusError(call: string, status: unknown): ApiError {
  return new ApiError(call, statusOf(status).code ?? 500, status);
}

/** No whole answer came: nothing listened, the connection broke, or it was silent for too long. */
export class ConnectionError extends Error {
  /** False only when the request certainly never left this machine. */
  readonly sent: boolean;

  constructor(message: string, sent: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = "ConnectionError";
    this.sent = sent;
  }
}

/** A stream on which nothing came for too long: the other end may be gone, or have nothing to say. */
export class SilenceError extends ConnectionError {
  override name = "SilenceError";
}

/** A call that the feature did not declare; thrown before any request is made. */
export class UndeclaredCallError extends Error {
  /** `declared`: what the feature declares of the same verb and resource, for other names or namespaces. */
  constructor(feature: string, request: Request, declared: readonly DeclaredRule[], namespaces: Namespaces) {
    const { verb } = request;
    const what = "path" in request ? request.path : resourceText(request);
    const bounds = declared.map(
      ({ resourceNames, scope }) =>
        `${resourceNames === undefined ? "" : `named ${resourceNames.join(", ")} `}${placeOf(scope, namespaces)}`,
    );
    super(
      bounds.length === 0
        ? `feature "${feature}" does not declare "${verb}" on "${what}": ${verbs.includes(verb) ? `add allow("${verb}", "${what}", "<reason>") to its permissions, or do not` : "do not"} make this call`
        : `feature "${feature}" declares "${verb}" on "${what}" only ${bounds.join(", or ")}, and this call is for ${targetText(request)}: widen its permission, or do not make this call`,
    );
    this.name = "UndeclaredCallError";
  }
}

function targetText(request: Request): string {
  if ("path" in request) return request.path;
  const { name, namespace } = request;
  return `${name === undefined ? "any name" : `"${name}"`}${namespace === undefined ? "" : ` in namespace "${namespace}"`}`;
}

const hasReason =
  (...of: string[]) =>
  (error: unknown): error is ApiError =>
    error instanceof ApiError && of.includes(error.reason);

/** 404: there is no such object, or no such path (`isNotServed`). */
export const isNotFound = hasReason("NotFound");
/** Not found because the server knows no such path, as of a kind that isn't defined: where an object is missing, it is named. */
export function isNotServed(error: unknown): error is ApiError {
  return isNotFound(error) && error.details?.name === undefined;
}
/** 409: an object of that name is there. */
export const isAlreadyExists = hasReason("AlreadyExists");
/** A stale resourceVersion, or a precondition that did not hold. Not AlreadyExists, though both are 409. */
export const isConflict = hasReason("Conflict");
/** 410: the resourceVersion or continue token is older than what the server keeps. */
export const isGone = hasReason("Gone", "Expired");
/** 422: the object breaks its schema or another rule of its kind. */
export const isInvalid = hasReason("Invalid");
/** 403: the user's roles don't grant the request, or admission refuses it. */
export const isForbidden = hasReason("Forbidden");
/** 401: the server doesn't know the credentials, or not any longer. */
export const isUnauthorized = hasReason("Unauthorized");
/** 503: the server, or the one that serves an aggregated API, is not at hand. */
export const isUnavailable = hasReason("ServiceUnavailable");
/** 429: the server is busy, or an eviction would break a PodDisruptionBudget. */
export const isTooManyRequests = hasReason("TooManyRequests");

/**
 * 429 that is about one eviction, and no plea to be left alone: a PodDisruptionBudget refuses it. Also where it comes with Retry-After, as of a
 * budget that can't be counted.
 */
export function isRefusedByBudget(error: unknown): boolean {
  return isTooManyRequests(error) && (error.details?.causes.some(({ reason }) => reason === "DisruptionBudget") ?? false);
}

/** Whether the same request may be answered otherwise the next time, though nobody changes rights or resources. */
export function mayPass(error: unknown): error is ApiError | ConnectionError {
  return (
    error instanceof ConnectionError || (error instanceof ApiError && !isUnauthorized(error) && !isForbidden(error) && !isNotFound(error))
  );
}
