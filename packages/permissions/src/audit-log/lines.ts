const newline = 0x0a;

/** A longer line is not an event: the API server refuses objects far smaller. */
export const longest = 64 << 20;

/** Cuts a stream of bytes into blocks of whole lines, without copying but for the lines that a chunk's end cuts. */
export class Lines {
  #rest = Buffer.alloc(0);

  /** The blocks that the chunk completes; valid until the chunk is overwritten. Throws a RangeError past 64 MiB without a newline. */
  push(chunk: Buffer): Buffer[] {
    const end = chunk.lastIndexOf(newline) + 1;
    const whole = chunk.subarray(0, end);
    const rest = chunk.subarray(end);
    if (end === 0) {
      if (this.#rest.length + rest.length > longest)
        throw new RangeError("a line is longer than 64 MiB: where it is events without line breaks, have jq make lines of them: jq -c .");
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
