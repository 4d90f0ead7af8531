/** Some of the numbers from 0 on, written as ranges: `0-4,7`. */
export class IndexSet {
  readonly #members: Set<number>;
  #text: string | undefined;

  constructor(text = "") {
    this.#members = new Set();
    for (const part of text.split(",").filter(Boolean)) {
      const [first = 0, last = first] = part.split("-").map(Number);
      for (let index = first; index <= last; index += 1) this.#members.add(index);
    }
  }

  get size(): number {
    return this.#members.size;
  }

  has(index: number): boolean {
    return this.#members.has(index);
  }

  add(index: number): void {
    this.#members.add(index);
    this.#text = undefined;
  }

  toString(): string {
    return (this.#text ??= ranges([...this.#members].sort((a, b) => a - b)));
  }
}

function ranges(sorted: readonly number[]): string {
  const parts: string[] = [];
  let first: number | undefined;
  for (const [place, index] of sorted.entries()) {
    first ??= index;
    if (sorted[place + 1] === index + 1) continue;
    parts.push(first === index ? `${index}` : `${first}-${index}`);
    first = undefined;
  }
  return parts.join(",");
}
