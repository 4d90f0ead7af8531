import { listsByWatch, type AuditEvent } from "../audit.ts";
import type { PlainEvent } from "./plain-event.ts";

/** Whether an event counts, and whether its request has stages. */
export type Known = "nothing" | "whole" | "staged";

/** So many are known; then it begins anew. */
const most = 1 << 16;

/** What plain events are, by what tells apart those that ask for different things. */
export class KnownEvents {
  /** By the object's text or the path, and by the rest: one key of both would have to be put together for each event. */
  readonly #known = new Map<string, Map<string, Known>>();
  #size = 0;

  /** What the event is; `judge` says it of one that isn't known. */
  of(event: PlainEvent, judge: () => Known): Known {
    const place = event.object ?? pathOf(event.requestURI);
    const rest = restOf(event);
    const known = this.#known.get(place)?.get(rest);
    if (known !== undefined) return known;
    if (this.#size++ >= most) {
      this.#known.clear();
      this.#size = 1;
    }
    const judged = judge();
    let ofPlace = this.#known.get(place);
    // A part of the log's text would keep all of it in memory.
    if (ofPlace === undefined) this.#known.set(Buffer.from(place).toString(), (ofPlace = new Map()));
    ofPlace.set(Buffer.from(rest).toString(), judged);
    return judged;
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
function restOf({ stage, requestURI, verb, object, ofObject, code, decision }: PlainEvent): string {
  return `${stage}\n${verb}\n${code}\n${decision}\n${ofObject}\n${object === undefined ? "" : askedIn(requestURI, verb)}`;
}

const inPath = new Set(["create", "update", "patch"]);

/** What the path says about an object that its text doesn't. */
function askedIn(requestURI: string, verb: string): string {
  if (inPath.has(verb)) return pathOf(requestURI);
  if (verb !== "watch" || !requestURI.includes("sendInitialEvents")) return "";
  const unescaped = requestURI.replaceAll("\\u0026", "&");
  return unescaped.includes("\\") ? requestURI : String(listsByWatch({ verb, requestURI: unescaped }));
}

/** What follows says nothing to the authorizer. */
function pathOf(requestURI: string): string {
  const question = requestURI.indexOf("?");
  return question < 0 ? requestURI : requestURI.slice(0, question);
}
