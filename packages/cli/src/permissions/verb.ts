import type { Request } from "@plimsoll/permissions";
import { isKnownVerb } from "./well-known.ts";

/** Says on stderr that a verb is not Kubernetes' own: most often it is a slip, and the answer would then mislead. */
export function warnOfVerb(request: Request): void {
  if (isKnownVerb(request.verb, "path" in request ? "path" : "resource")) return;
  const verbs =
    "path" in request ? "an HTTP method in lower case, as in get" : "get, list, watch, create, update, patch, delete or deletecollection";
  console.error(`note: "${request.verb}" is no verb of Kubernetes' own; those are ${verbs}`);
}
