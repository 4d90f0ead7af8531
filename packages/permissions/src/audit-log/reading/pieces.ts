import { lists } from "../wrappings.ts";

/** Of a long text: values that are whole, and how many of the text's lines end with them. */
export interface Piece {
  text: string;
  lines: number;
}

/** Bytes of a piece, about. */
const usual = 1 << 20;
/** Bytes; what is longer is no event: the API server refuses objects far smaller. */
export const longest = 64 << 20;

const [quote, backslash, colon, comma, newline] = [0x22, 0x5c, 0x3a, 0x2c, 0x0a];
const [array, object, endOfArray, endOfObject] = [0x5b, 0x7b, 0x5d, 0x7d];

/** An array or object whose end hasn't come; offsets in the bytes that are kept. */
interface Open {
  start: number;
  closer: number;
  /** The last between its items. */
  comma?: number;
  /** Whether it may hold several events, rather than be a part of one. */
  isAround: boolean;
}

/**
 * Cuts a stream of JSON that isn't lines into pieces: values that stand side by side, and the items of an array, each time with what stands
 * around the array, so that `{"kind":"EventList","items":[1,2,3]}` may come as two such lists. It keeps little more than a piece.
 */
export class Pieces {
  readonly #size: number;
  #bytes = Buffer.alloc(0);
  /** How far they are read. */
  #at = 0;
  /** Before it is what stands around the array that was cut. */
  #from = 0;
  readonly #open: Open[] = [];
  /** Where the last value that stands by itself ends; 0 for none. */
  #ended = 0;
  #inString = false;
  #stringStart = 0;
  #stringEnd = 0;
  #key = "";
  /** The array that was cut last, and once it ends, where. */
  #cut: { array: Open; end?: number } | undefined;

  constructor(size = usual) {
    this.#size = size;
  }

  /** What the chunk completes; it isn't kept. Throws a RangeError for a value of more than 64 MiB. */
  push(chunk: Buffer): Piece[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#read();
    if (this.#bytes.length < this.#size) return [];
    const piece = this.#ended > 0 ? this.#take(this.#ended) : this.#takeItems();
    if (piece === undefined && this.#bytes.length > longest)
      throw new RangeError("holds more than 64 MiB in which no event ends: have jq make lines of its events, as by jq -c '.[]'");
    return piece === undefined ? [] : [piece];
  }

  /** What is left, whole or not. */
  end(): Piece {
    return this.#take(this.#bytes.length);
  }

  #read(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.#inString) {
        if (byte === backslash) at++;
        else if (byte === quote) {
          this.#inString = false;
          this.#stringEnd = at;
        }
      } else if (byte === quote) {
        this.#inString = true;
        this.#stringStart = at;
      } else if (byte === colon) {
        if (this.#open.at(-1)?.isAround) this.#key = bytes.toString("utf8", this.#stringStart + 1, this.#stringEnd);
      } else if (byte === comma) {
        const inner = this.#open.at(-1);
        if (inner !== undefined) inner.comma = at;
      } else if (byte === array || byte === object) {
        const around = this.#open.at(-1);
        // An array in an array is a row.
        const isAround =
          around === undefined || (around.isAround && (around.closer === endOfArray ? byte === object : lists.has(this.#key)));
        this.#open.push({ start: at, closer: byte === array ? endOfArray : endOfObject, isAround });
      } else if (byte === endOfArray || byte === endOfObject) {
        const ended = this.#open.pop();
        if (ended !== undefined && ended === this.#cut?.array) this.#cut.end = at;
        if (this.#open.length === 0) this.#ended = at + 1;
      }
    }
    this.#at = at;
  }

  #take(end: number): Piece {
    const piece = { text: this.#bytes.toString("utf8", 0, end), lines: linesIn(this.#bytes.subarray(this.#from, end)) };
    this.#keep([], end);
    this.#ended = 0;
    this.#cut = undefined;
    return piece;
  }

  /** The items that are whole, of the outermost array that has such. */
  #takeItems(): Piece | undefined {
    const index = this.#open.findIndex((one) => one.isAround && one.closer === endOfArray && one.comma !== undefined);
    const items = this.#open[index];
    if (items?.comma === undefined) return undefined;
    const end = items.comma;
    const closers = Buffer.from(
      this.#open
        .slice(0, index + 1)
        .map(({ closer }) => closer)
        .toReversed(),
    );
    const piece = {
      text: Buffer.concat([this.#bytes.subarray(0, end), closers]).toString("utf8"),
      lines: linesIn(this.#bytes.subarray(this.#from, end)),
    };
    const { array: before, end: ended = items.start } = this.#cut ?? {};
    const around = { start: 0, end: items.start + 1 };
    delete items.comma;
    // Of an array before it, all the items have been given.
    this.#keep(
      before !== undefined && ended < items.start
        ? [
            { start: 0, end: before.start + 1 },
            { start: ended, end: around.end },
          ]
        : [around],
      end + 1,
    );
    this.#cut = { array: items };
    return piece;
  }

  /** Drops the bytes up to `end`, but for the parts that stand around what is open. */
  #keep(around: readonly { start: number; end: number }[], end: number): void {
    const parts = [...around, { start: end, end: this.#bytes.length }];
    const lengthOf = (some: readonly { start: number; end: number }[]): number =>
      some.reduce((sum, part) => sum + part.end - part.start, 0);
    const moved = (at: number): number => {
      const index = parts.findLastIndex(({ start }) => start <= at);
      return at - (parts[index]?.start ?? 0) + lengthOf(parts.slice(0, index));
    };
    this.#from = lengthOf(around);
    this.#at = moved(this.#at);
    this.#stringStart = moved(this.#stringStart);
    this.#stringEnd = moved(this.#stringEnd);
    for (const one of this.#open) {
      one.start = moved(one.start);
      if (one.comma !== undefined) one.comma = moved(one.comma);
    }
    this.#bytes = Buffer.concat(parts.map(({ start, end }) => this.#bytes.subarray(start, end)));
  }
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}
