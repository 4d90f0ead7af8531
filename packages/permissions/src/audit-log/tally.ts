import { Inference } from "../infer.ts";
import { readEvents, type LoggedEvent } from "./events.ts";
import type { LogSource } from "./wrappings.ts";
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
  /** Of which managed clusters there were logs, by their wrappings. */
  sources: Set<LogSource>;
}

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

/**
 * Adds up logs from their bytes, one event a line. With a user, only lines that may hold the name are parsed.
 * Same requests as from parsing every line and adding every event.
 */
export class Tally {
  readonly summary: AuditLogSummary = { inference: new Inference(), events: 0, matched: 0, malformed: 0, sources: new Set() };
  readonly #filter: AuditLogFilter;
  readonly #search: ((bytes: Buffer) => Mentions) | undefined;
  readonly #lines = new Lines();
  #file = "";
  #line = 0;
  /** Of a file that isn't lines, all there is so far. */
  #whole: Buffer[] | undefined;

  constructor(filter: AuditLogFilter = {}) {
    this.#filter = filter;
    this.#search = filter.user === undefined ? undefined : mentionsOf(filter.user);
  }

  begin(file: string): void {
    this.#file = file;
    this.#line = 0;
    this.#whole = undefined;
  }

  /** Doesn't keep the chunk. */
  push(chunk: Buffer): void {
    for (const block of this.#lines.push(chunk)) this.#take(block);
  }

  /** The last line needn't end with a newline. */
  end(): void {
    this.#take(this.#lines.end());
    if (this.#whole === undefined) return;
    const text = Buffer.concat(this.#whole)
      .toString("utf8")
      .replace(/^\ufeff/, "");
    this.#line = 0;
    // One value, or several of which each begins in the first column, as `jq .` prints them.
    for (const part of isJson(text) ? [text] : text.split(/^(?=[[{])/m)) {
      this.#line++;
      this.#read(part);
      this.#line += part.split("\n").length - 2;
    }
  }

  #take(block: Buffer): void {
    if (this.#line === 0 && this.#whole === undefined && isLaidOut(block)) this.#whole = [];
    if (this.#whole === undefined) return this.#scan(block);
    // The chunk's memory is used again.
    this.#whole.push(Buffer.from(block));
    if (this.#whole.reduce((sum, { length }) => sum + length, 0) > largest)
      throw new RangeError("is one JSON value of more than 256 MiB: have jq make lines of it: jq -c '.[]'");
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
    const { events, malformed, from } = readEvents(text) ?? { events: [], malformed: 1 };
    if (malformed > 0) {
      this.summary.malformed += malformed;
      this.summary.firstMalformed ??= { file: this.#file, line: this.#line };
    }
    if (from !== undefined) this.summary.sources.add(from);
    this.summary.events += events.length;
    const { user, onEvent } = this.#filter;
    for (const event of events) {
      if (!this.#isSince(event) || !this.summary.inference.add(event, user, this.#filter)) continue;
      this.summary.matched++;
      onEvent?.(event);
    }
  }

  #isSince(event: LoggedEvent): boolean {
    const { since } = this.#filter;
    const time = event.requestReceivedTimestamp ?? event.stageTimestamp;
    return since === undefined || time === undefined || !(Date.parse(time) < since);
  }
}

/** What is not lines is parsed as a whole, in memory. */
const largest = 256 << 20;

/** Whether a file's first lines are the beginning of a JSON value that goes on over lines: an array, or an object that is laid out for people. */
function isLaidOut(block: Buffer): boolean {
  const [first = "", ...more] = block
    .toString("utf8", 0, 4096)
    .replace(/^\ufeff/, "")
    .trimStart()
    .split("\n");
  const isWhole = more.length > 0;
  return /^\{\s*$/.test(first) ? isWhole : first.startsWith("[") && !(isWhole && isJson(first));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const single = Buffer.from('{"kind":"Event",');

/** How kube-apiserver begins and ends an event; others (lists, other orders of fields, cut lines) are worth parsing to count them. */
function isPlainEvent(block: Buffer, start: number, end: number): boolean {
  for (let index = 0; index < single.length; index++) if (block[start + index] !== single[index]) return false;
  return block[end - 1] === 0x7d;
}
