import { Inference } from "../infer/infer.ts";
import { Stages } from "../infer/stages.ts";
import { Lines } from "./reading/lines.ts";
import { Pieces, type Piece } from "./reading/pieces.ts";
import { isJson, Scanner, type AuditLogFilter, type Scanned } from "./scanner.ts";
import type { LogSource } from "./wrappings.ts";

/** An archive that could not be unpacked to its end. */
export interface BrokenArchive {
  file: string;
  /** As in "is cut off". */
  why: string;
  /** Read from it all the same. */
  events: number;
}

/** What was read from audit logs, and what follows from it. */
export interface AuditLogSummary {
  inference: Inference;
  /** Read in all. */
  events: number;
  /** Counted: of the user, allowed, since the time asked for; a request with two stages once. */
  matched: number;
  /** Lines that are not events; with a user, only those are sure to be found out that hold the name or don't begin and end with braces. */
  malformed: number;
  /** What it looks like instead, as in "is YAML", where that shows. */
  firstMalformed?: { file: string; line: number; looks?: string };
  /** Archives that were cut or damaged: what is missing of them is in nothing of this. */
  broken: BrokenArchive[];
  /** Of which managed clusters there were logs, by their wrappings. */
  sources: Set<LogSource>;
}

/**
 * Adds up logs from their bytes, one event a line, or from what parts of them held. With a user, only lines that may hold the name are parsed.
 * Same requests as from parsing every line and adding every event.
 */
export class Tally {
  readonly summary: AuditLogSummary = { inference: new Inference(), events: 0, matched: 0, malformed: 0, broken: [], sources: new Set() };
  readonly scanner: Scanner;
  readonly #stages = new Stages();
  readonly #lines = new Lines();
  #file = "";
  /** Events that were read before the file. */
  #before = 0;
  #line = 0;
  /** Of what isn't lines: a file, or a line of it that is long. */
  #pieces: { of: "file" | "line"; cut: Pieces } | undefined;

  constructor(filter: AuditLogFilter = {}) {
    this.scanner = new Scanner(filter);
  }

  begin(file: string): void {
    this.#file = file;
    this.#before = this.summary.events;
    this.#line = 0;
    this.#pieces = undefined;
  }

  /** Doesn't keep the chunk. */
  push(chunk: Buffer): void {
    if (this.#pieces === undefined) {
      for (const block of this.#lines.push(chunk)) this.#take(block);
      if (this.#pieces === undefined && this.#lines.length < longLine) return;
      this.#pieces ??= { of: "line", cut: new Pieces() };
      return this.#add(this.#pieces.cut.push(this.#lines.end()));
    }
    const { of, cut } = this.#pieces;
    const newline = of === "line" ? chunk.indexOf(0x0a) : -1;
    if (newline < 0) return this.#add(cut.push(chunk));
    this.#add([...cut.push(chunk.subarray(0, newline + 1)), cut.end()]);
    this.#pieces = undefined;
    this.push(chunk.subarray(newline + 1));
  }

  /** The last line needn't end with a newline; where the archive is `broken`, for a reason, it is no event's that was written so. */
  end(broken?: string): void {
    const last = this.#lines.end();
    if (broken === undefined || (this.#line === 0 && isLaidOut(last)) || isJson(last.toString())) this.#take(last);
    if (this.#pieces !== undefined) this.#add([this.#pieces.cut.end()]);
    if (broken !== undefined) this.summary.broken.push({ file: this.#file, why: broken, events: this.summary.events - this.#before });
  }

  /** What the next part of the file holds: parts come in their order, whoever scanned them, so that the end of a request is known. */
  add({ lines, events, matched, stages, malformed, firstMalformed, sources, ...gathered }: Scanned): void {
    const { summary } = this;
    if (firstMalformed !== undefined)
      summary.firstMalformed ??= { ...firstMalformed, file: this.#file, line: this.#line + firstMalformed.line };
    this.#line += lines;
    summary.events += events;
    summary.matched += matched + stages.filter((text) => !this.#stages.isSecond(text.startsWith("+"), text.slice(1))).length;
    summary.malformed += malformed;
    for (const source of sources) summary.sources.add(source);
    summary.inference.merge(gathered);
  }

  #take(block: Buffer): void {
    if (this.#line === 0 && this.#pieces === undefined && isLaidOut(block)) this.#pieces = { of: "file", cut: new Pieces() };
    if (this.#pieces === undefined) this.add(this.scanner.scan(block));
    else this.#add(this.#pieces.cut.push(block));
  }

  #add(pieces: readonly Piece[]): void {
    for (const { text, lines } of pieces) this.add({ ...this.scanner.scanValues(text.replace(/^\ufeff/, "")), lines });
  }
}

/** Bytes from which on a line is looked into before its end: it may be an array. */
const longLine = 1 << 20;

/** Whether a file's first lines are the beginning of a JSON value that goes on over lines: an array, or an object that is laid out for people, but no event that was cut. */
export function isLaidOut(block: Buffer): boolean {
  const [first = "", ...more] = block
    .toString("utf8", 0, 4096)
    .replace(/^\ufeff/, "")
    .trimStart()
    .split("\n");
  const isWhole = more.length > 0;
  return /^\{(?!"kind":"Event",)(.{0,200}[[{,])?\s*$/.test(first) ? isWhole : first.startsWith("[") && !(isWhole && isJson(first));
}
