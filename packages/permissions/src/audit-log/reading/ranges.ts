import { fstatSync, readSync } from "node:fs";
import { longest } from "./pieces.ts";
import { isLaidOut } from "../tally.ts";

/** Bytes of a file, from `start` up to `end`. */
export interface Range {
  start: number;
  end: number;
}

const newline = 0x0a;
/** Of a file's beginning. */
const looked = 1 << 18;

/** Reads parts of open files, of which it keeps one in memory. Throws what the file system says. */
export class RangeReader {
  #buffer = Buffer.alloc(0);

  /** Valid until the next is read. */
  read(descriptor: number, { start, end }: Range): Buffer {
    if (this.#buffer.length < end - start) this.#buffer = Buffer.allocUnsafeSlow(end - start);
    let length = 0;
    // Less than was asked for may come at once; nothing comes past the end.
    for (let read = -1; read !== 0 && length < end - start; length += read)
      read = readSync(descriptor, this.#buffer, length, end - start - length, start + length);
    return this.#buffer.subarray(0, length);
  }

  /** Whether it is lines, plain ones, that can be told apart anywhere in the file. */
  isLines(descriptor: number): boolean {
    const head = this.read(descriptor, { start: 0, end: looked });
    const lines = head.subarray(0, head.lastIndexOf(newline) + 1);
    return head.length >= 2 && head.readUInt16BE() !== 0x1f8b && lines.length > 0 && !isLaidOut(lines);
  }

  /**
   * The parts of the file, as far as it goes now, that are about `size` bytes, cut after newlines. Returns where a part would begin with a line of more
   * than 64 MiB in it, for no thread could hold it; undefined where none does.
   */
  *ranges(descriptor: number, size: number): Generator<Range, number | undefined> {
    const total = fstatSync(descriptor).size;
    let start = 0;
    while (start < total) {
      const end = this.#endOfLine(descriptor, start + size, total);
      if (end === undefined) return start;
      yield { start, end };
      start = end;
    }
    return undefined;
  }

  #endOfLine(descriptor: number, from: number, total: number): number | undefined {
    const step = 1 << 14;
    for (let at = from; at < total; at += step) {
      if (at - from > longest) return undefined;
      const found = this.read(descriptor, { start: at, end: Math.min(at + step, total) }).indexOf(newline);
      if (found >= 0) return at + found + 1;
    }
    return total;
  }
}
