import { listsByWatch, showsWatch, type AuditEvent } from "../infer/audit.ts";
import type { PlainEvent } from "./plain-event.ts";

/** Whether an event counts, and whether its request has stages. */
export type Known = "nothing" | "whole" | "staged";

/** So many are known; then it begins anew. */
const most = 1 << 16;

/** What plain events are, by what tells apart those that ask for different things. */
export class KnownEvents {
  readonly #known = new Map<string, Known>();

  /** What the event is; `judge` says it of one that isn't known. */
  of(event: PlainEvent, judge: () => Known): Known {
    const key = keyOf(event);
    let known = this.#known.get(key);
    if (known === undefined) {
      known = judge();
      if (this.#known.size >= most) this.#known.clear();
      this.#known.set(key, known);
    }
    return known;
  }
}

/** With new texts: parts of the line would keep all of it in memory. */
export function parsed({ auditID, stage, requestURI, verb, username, object, ofObject, code, decision }: PlainEvent): AuditEvent {
  const asked: Pick<AuditEvent, "requestURI" | "verb" | "objectRef"> = JSON.parse(
    `{"requestURI":"${requestURI}","verb":"${verb}"${object === undefined ? "" : `,"objectRef":{${object}${ofObject}}`}}`,
  );
  return {
    ...asked,
    auditID,
    stage,
    user: { username },
    ...(code !== undefined && { responseStatus: { code: Number(code) } }),
    annotations: { "authorization.k8s.io/decision": decision },
  };
}

/** No line break can stand in any of it. */
function keyOf({ stage, requestURI, verb, object, ofObject, code, decision }: PlainEvent): string {
  return `${stage}\n${verb}\n${code}\n${decision}\n${object === undefined ? pathOf(requestURI) : askedIn(requestURI, verb)}\n${object}${ofObject}`;
}

const inPath = new Set(["create", "update", "patch"]);

/** What the path says about an object that its text doesn't. */
function askedIn(requestURI: string, verb: string): string {
  if (inPath.has(verb)) return pathOf(requestURI);
  if (verb !== "watch" || (showsWatch(requestURI) && !requestURI.includes("sendInitialEvents"))) return "";
  const unescaped = requestURI.replaceAll("\\u0026", "&");
  return unescaped.includes("\\") ? requestURI : String(listsByWatch({ verb, requestURI: unescaped }));
}

/** What follows says nothing to the authorizer. */
function pathOf(requestURI: string): string {
  const question = requestURI.indexOf("?");
  return question < 0 ? requestURI : requestURI.slice(0, question);
}
