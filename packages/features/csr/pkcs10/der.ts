import { FaultError } from "../decide/fault.ts";

/** The tags that a request has. */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  sequence: 0x30,
  set: 0x31,
  attributes: 0xa0,
} as const;

/** One value: its tag's byte, its contents, and all of it as it was encoded. */
export interface Element {
  tag: number;
  contents: Uint8Array;
  encoded: Uint8Array;
}

/**
 * Reads values one after the other, as DER has them (X.690, 10) and not as BER would also have them: lengths are definite and as short as
 * can be, so that no two readers find different values in the same bytes. Everything else throws a FaultError.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next value, whatever it is. */
  next(what: string): Element {
    const begin = this.#at;
    const byte = this.#byte(what);
    if ((byte & 0x1f) === 0x1f) throw new FaultError("Encoding", `${what} has a tag of several bytes`);
    const length = this.#length(what);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new FaultError("Encoding", `${what} ends before its length`);
    const element = { tag: byte, contents: this.#bytes.subarray(this.#at, end), encoded: this.#bytes.subarray(begin, end) };
    this.#at = end;
    return element;
  }

  /** The next value, which has to have this tag. */
  take(wanted: number, what: string): Element {
    const element = this.next(what);
    if (element.tag !== wanted) throw new FaultError("Encoding", `${what} has the tag ${hex(element.tag)}, not ${hex(wanted)}`);
    return element;
  }

  /** The values in the next one, which has to have this tag. */
  open(wanted: number, what: string): DerReader {
    return new DerReader(this.take(wanted, what).contents);
  }

  /** Throws for what comes after the last value. */
  end(what: string): void {
    if (!this.isAtEnd) throw new FaultError("Encoding", `${what} has ${this.#bytes.length - this.#at} bytes too many`);
  }

  #byte(what: string): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new FaultError("Encoding", `${what} is missing`);
    this.#at += 1;
    return byte;
  }

  #length(what: string): number {
    const first = this.#byte(what);
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 3) throw new FaultError("Encoding", `${what} has a length that DER doesn't have`);
    let length = 0;
    for (let index = 0; index < count; index += 1) length = length * 0x100 + this.#byte(what);
    if (length < 0x80 || length < 0x100 ** (count - 1))
      throw new FaultError("Encoding", `${what} has a length that is longer than it must be`);
    return length;
  }
}

/** An object identifier as in `2.5.29.17`. */
export function oidOf(contents: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  let isInside = false;
  for (const byte of contents) {
    if (!isInside && byte === 0x80) throw new FaultError("Encoding", "an object identifier has a leading zero");
    arc = arc * 0x80 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 0x80) throw new FaultError("Encoding", "an object identifier has a number that is too large");
    isInside = byte >= 0x80;
    if (isInside) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first] = arcs;
  if (first === undefined || isInside) throw new FaultError("Encoding", "an object identifier is cut off");
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...arcs.slice(1)].join(".");
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
