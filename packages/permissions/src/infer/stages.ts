import type { AuditEvent } from "./audit.ts";

const short = new Set(["get", "list", "create", "update", "patch", "delete", "deletecollection"]);

/**
 * Whether a request may have been logged when it started, too: kube-apiserver does that with those that last (k8s.io/apiserver
 * BasicLongRunningRequestCheck), which are never a plain verb on an object itself.
 */
export function hasStages({ verb, objectRef }: AuditEvent): boolean {
  return objectRef?.resource === undefined || Boolean(objectRef.subresource) || !short.has(verb);
}

/** Tells the end of a request from a request: for that, the events' stages come in the order of the log. */
export class Stages {
  readonly #started = new Set<string>();

  /** Whether this ends what was counted when it started. */
  isSecond(isStart: boolean, auditID: string): boolean {
    if (!isStart) return this.#started.delete(auditID);
    this.#started.add(auditID);
    return false;
  }
}
