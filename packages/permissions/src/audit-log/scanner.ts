import type { AuditEvent } from "../infer/audit.ts";
import { gatheredFrom, type Gathered } from "../infer/gathered.ts";
import { Inference } from "../infer/infer.ts";
import { hasStages } from "../infer/stages.ts";
import { readEvents, type LoggedEvent } from "./events.ts";
import { KnownEvents, parsed } from "./known-events.ts";
import { looksOf } from "./looks.ts";
import { mentionsOf, type Mentions } from "./mentions.ts";
import { plainEvent, type PlainEvent } from "./plain-event.ts";
import type { LogSource } from "./wrappings.ts";

export interface AuditLogFilter {
  /** Who authenticated or was impersonated; without it, everybody. */
  user?: string;
  /** Milliseconds since 1970. Older requests don't count, by the time they were received; those without a time do. */
  since?: number;
  /** What was refused counts, instead of what was allowed. */
  refused?: boolean;
  /** Is told of each event that counted. */
  onEvent?: (event: LoggedEvent) => void;
}

/** What part of a log holds, as little as another thread needs of it. */
export interface Scanned extends Gathered {
  lines: number;
  events: number;
  /** Of the events that counted, those whose request has one stage only. */
  matched: number;
  /** The others, in their order: audit IDs, after + where the event is of the request's start, after - where it is of its end. */
  stages: string[];
  malformed: number;
  /** Its line, from 1, and what it looks like instead, as `looksOf` says. */
  firstMalformed?: { line: number; looks?: string };
  sources: LogSource[];
}

/** Reads whole lines, one event each; with a user, only those that may hold the name are parsed. What it gave once, it gives no second time. */
export class Scanner {
  readonly #filter: AuditLogFilter;
  readonly #search: ((bytes: Buffer) => Mentions) | undefined;
  readonly #given = new Inference();
  readonly #known = new KnownEvents();

  constructor(filter: AuditLogFilter) {
    this.#filter = filter;
    this.#search = filter.user === undefined ? undefined : mentionsOf(filter.user);
  }

  /** The lines of a block, which is not kept. */
  scan(block: Buffer): Scanned {
    const scanned = nothing();
    if (this.#search === undefined) {
      for (const text of textsOf(block)) for (let at = 0; at < text.length;) at = this.#readLine(text, at, scanned);
      return scanned;
    }
    const next = this.#search(block);
    for (let start = 0, end = 0; start < block.length; start = end + 1) {
      end = block.indexOf(0x0a, start);
      if (end < 0) end = block.length;
      if (next(start) < end || !isPlain(block, start, end)) this.#readLine(block.toString("utf8", start, end), 0, scanned);
      else {
        scanned.lines++;
        scanned.events++;
      }
    }
    return scanned;
  }

  /** What isn't lines: one value, or several of which each begins in the first column, as `jq .` prints them. */
  scanValues(text: string): Scanned {
    const scanned = nothing();
    for (const part of isJson(text) ? [text] : text.split(/^(?=[[{])/m)) {
      scanned.lines++;
      this.#read(part, scanned);
      scanned.lines += part.split("\n").length - 2;
    }
    return scanned;
  }

  /** The line that begins at `at`; gives where the next one does. */
  #readLine(text: string, at: number, scanned: Scanned): number {
    scanned.lines++;
    const plain = this.#filter.onEvent === undefined ? plainEvent(text, at) : undefined;
    if (plain !== undefined) {
      this.#takePlain(plain, scanned);
      return plain.end;
    }
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    this.#read(text.slice(at, end), scanned);
    return end + 1;
  }

  #read(line: string, scanned: Scanned): void {
    // Trimmed, for some editors and shells put a byte order mark before the first.
    const text = line.trim();
    if (text === "") return;
    const { events, malformed, sources } = readEvents(text);
    if (malformed > 0 && scanned.firstMalformed === undefined) {
      const looks = looksOf(text);
      scanned.firstMalformed = { line: scanned.lines, ...(looks !== undefined && { looks }) };
    }
    scanned.malformed += malformed;
    for (const source of sources) if (!scanned.sources.includes(source)) scanned.sources.push(source);
    scanned.events += events.length;
    for (const event of events) {
      if (!this.#isSince(event.requestReceivedTimestamp ?? event.stageTimestamp) || !this.#gather(event, scanned)) continue;
      if (hasStages(event)) scanned.stages.push(stageOf(event));
      else scanned.matched++;
      this.#filter.onEvent?.(event);
    }
  }

  #takePlain(plain: PlainEvent, scanned: Scanned): void {
    scanned.events++;
    const { user, refused = false } = this.#filter;
    if ((user !== undefined && user !== plain.username) || (plain.decision === "forbid") !== refused || !this.#isSince(plain.received))
      return;
    const known = this.#known.of(plain, () => {
      const event = parsed(plain);
      return this.#gather(event, scanned) ? (hasStages(event) ? "staged" : "whole") : "nothing";
    });
    if (known === "whole") scanned.matched++;
    // A part of the line would keep all of it in memory until the part of the log is added.
    else if (known === "staged") scanned.stages.push(Buffer.from(stageOf(plain), "latin1").toString("latin1"));
  }

  #gather(event: AuditEvent, scanned: Scanned): boolean {
    const gathered = gatheredFrom(event, this.#filter.user, this.#filter);
    if (gathered === undefined) return false;
    const { requests, listed, created } = this.#given.merge(gathered);
    scanned.requests.push(...requests);
    scanned.listed.push(...listed);
    scanned.created.push(...created);
    return true;
  }

  #isSince(time: string | undefined): boolean {
    const { since } = this.#filter;
    return since === undefined || time === undefined || !(Date.parse(time) < since);
  }
}

/** Characters, about: one text of each line takes longer, one of the whole block more memory. */
const textSize = 1 << 15;

/** Texts of whole lines. */
function* textsOf(block: Buffer): Generator<string> {
  for (let start = 0, end = 0; start < block.length; start = end) {
    const newline = block.indexOf(0x0a, start + textSize);
    end = newline < 0 ? block.length : newline + 1;
    yield block.toString("utf8", start, end);
  }
}

function nothing(): Scanned {
  return { lines: 0, events: 0, matched: 0, stages: [], malformed: 0, sources: [], requests: [], listed: [], created: [] };
}

function stageOf({ stage, auditID }: { stage: string; auditID: string }): string {
  return `${stage === "ResponseStarted" ? "+" : "-"}${auditID}`;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const single = Buffer.from('{"kind":"Event",');

/** How kube-apiserver begins and ends an event; others (lists, other orders of fields, cut lines) are worth parsing to count them. */
function isPlain(block: Buffer, start: number, end: number): boolean {
  for (let index = 0; index < single.length; index++) if (block[start + index] !== single[index]) return false;
  return block[end - 1] === 0x7d;
}
