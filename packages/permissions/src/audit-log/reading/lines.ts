const newline = 0x0a;

/** Cuts a stream of bytes into blocks of whole lines, without copying but for the lines that a chunk's end cuts. */
export class Lines {
  #rest = Buffer.alloc(0);

  /** Of the line that has begun. */
  get length(): number {
    return this.#rest.length;
  }

  /** The blocks that the chunk completes; valid until the chunk is overwritten. */
  push(chunk: Buffer): Buffer[] {
    const end = chunk.lastIndexOf(newline) + 1;
    const whole = chunk.subarray(0, end);
    const rest = chunk.subarray(end);
    if (end === 0) {
      this.#rest = Buffer.concat([this.#rest, rest]);
      return [];
    }
    const first = this.#rest.length === 0 ? 0 : chunk.indexOf(newline) + 1;
    const joined = Buffer.concat([this.#rest, whole.subarray(0, first)]);
    this.#rest = Buffer.from(rest);
    return [joined, whole.subarray(first)].filter((block) => block.length > 0);
  }

  /** What follows the last newline; the next push begins anew. */
  end(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }
}
