import { nearest } from "@plimsoll/api/text";
import { objectVerbs, type Request } from "@plimsoll/permissions";
import { UsageError } from "../../failure.ts";
import { isKnownVerb } from "./well-known.ts";

/**
 * Says on stderr that a verb is not Kubernetes' own: most often it is a slip, and the answer would then mislead. Throws a UsageError for what no
 * request has: none, or several.
 */
export function checkVerb(request: Request): void {
  const { verb } = request;
  if (verb === "" || /[\s,]/.test(verb)) throw new UsageError(`the verb ${JSON.stringify(verb)}: ask about one verb at a time, as in get`);
  if (isKnownVerb(verb, "path" in request ? "path" : "resource")) return;
  const isPath = "path" in request;
  const meant = isPath ? undefined : nearest(verb.toLowerCase(), objectVerbs);
  const verbs = isPath ? "HTTP methods in lower case, as in get" : "get, list, watch, create, update, patch, delete or deletecollection";
  console.error(
    `note: "${verb}" is no verb of Kubernetes' own; ${meant === undefined ? `those are ${verbs}` : `did you mean "${meant}"?`}`,
  );
}
