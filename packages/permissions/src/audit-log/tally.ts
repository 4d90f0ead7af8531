import { Inference } from "../infer.ts";
import { eventsOf, type LoggedEvent } from "./events.ts";
import { Lines } from "./lines.ts";
import { mentionsOf, type Mentions } from "./mentions.ts";

/** What was read from audit logs, and what follows from it. */
export interface AuditLogSummary {
  inference: Inference;
  /** Read in all. */
  events: number;
  /** Counted: of the user, allowed, since the time asked for; a request with two stages once. */
  matched: number;
  /** Lines that are not events; with a user, only those are sure to be found out that hold the name or don't begin and end with braces. */
  malformed: number;
  firstMalformed?: { file: string; line: number };
}

export interface AuditLogFilter {
  /** Who authenticated or was impersonated; without it, everybody. */
  user?: string;
  /** Milliseconds since 1970. Older requests don't count, by the time they were received; those without a time do. */
  since?: number;
}

/**
 * Adds up logs from their bytes, one event a line. With a user, only lines that may hold the name are parsed.
 * Same requests as from parsing every line and adding every event.
 */
export class Tally {
  readonly summary: AuditLogSummary = { inference: new Inference(), events: 0, matched: 0, malformed: 0 };
  readonly #filter: AuditLogFilter;
  readonly #search: ((bytes: Buffer) => Mentions) | undefined;
  readonly #lines = new Lines();
  #file = "";
  #line = 0;

  constructor(filter: AuditLogFilter = {}) {
    this.#filter = filter;
    this.#search = filter.user === undefined ? undefined : mentionsOf(filter.user);
  }

  begin(file: string): void {
    this.#file = file;
    this.#line = 0;
  }

  /** Doesn't keep the chunk. */
  push(chunk: Buffer): void {
    for (const block of this.#lines.push(chunk)) this.#scan(block);
  }

  /** The last line needn't end with a newline. */
  end(): void {
    this.#scan(this.#lines.end());
  }

  #scan(block: Buffer): void {
    const next = this.#search?.(block);
    for (let start = 0, end = 0; start < block.length; start = end + 1) {
      end = block.indexOf(0x0a, start);
      if (end < 0) end = block.length;
      this.#line++;
      if (next === undefined || next(start) < end || !isPlainEvent(block, start, end)) this.#read(block.toString("utf8", start, end));
      else this.summary.events++;
    }
  }

  #read(line: string): void {
    // Trimmed, for some editors and shells put a byte order mark before the first.
    const text = line.trim();
    if (text === "") return;
    const events = eventsOf(text);
    if (events === undefined) {
      this.summary.malformed++;
      this.summary.firstMalformed ??= { file: this.#file, line: this.#line };
      return;
    }
    this.summary.events += events.length;
    for (const event of events) if (this.#isSince(event) && this.summary.inference.add(event, this.#filter.user)) this.summary.matched++;
  }

  #isSince(event: LoggedEvent): boolean {
    const { since } = this.#filter;
    const time = event.requestReceivedTimestamp ?? event.stageTimestamp;
    return since === undefined || time === undefined || !(Date.parse(time) < since);
  }
}

const single = Buffer.from('{"kind":"Event",');

/** How kube-apiserver begins and ends an event; others (lists, other orders of fields, cut lines) are worth parsing to count them. */
function isPlainEvent(block: Buffer, start: number, end: number): boolean {
  for (let index = 0; index < single.length; index++) if (block[start + index] !== single[index]) return false;
  return block[end - 1] === 0x7d;
}
