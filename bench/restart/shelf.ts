import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Given } from "./under-way.ts";

/** Objects of one resource in a file: who reads them has to parse them, as a client of an API server has to, and holds no more of them. */
export class Shelf {
  readonly #file: string;
  /** Where each object begins, and where the last one ends. */
  readonly #offsets: readonly number[];
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(file: string) {
    this.#file = file;
    const { offsets, names } = JSON.parse(readFileSync(`${file}.index`, "utf8")) as { offsets: number[]; names: string[] };
    this.#offsets = offsets;
    this.#indexes = new Map(names.map((name, index) => [name, index]));
  }

  static write(file: string, count: number, make: (index: number) => Given): void {
    const output = openSync(file, "w");
    const offsets = [0];
    const names: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const object = make(index);
      names.push(object.metadata.name);
      // The comma that a list needs; the last one is not read.
      offsets.push((offsets.at(-1) ?? 0) + writeSync(output, `${JSON.stringify(object)},`));
    }
    closeSync(output);
    writeFileSync(`${file}.index`, JSON.stringify({ offsets, names }));
  }

  get size(): number {
    return this.#offsets.length - 1;
  }

  /** The objects from `first` to before `end`, parsed in one piece. */
  async read(first: number, end: number): Promise<Given[]> {
    const [from = 0, to = 0] = [this.#offsets[first], this.#offsets[Math.min(end, this.size)]];
    const file = await open(this.#file);
    try {
      const { buffer } = await file.read({ buffer: Buffer.allocUnsafe(Math.max(0, to - from - 1)), position: from });
      return JSON.parse(`[${buffer.toString()}]`) as Given[];
    } finally {
      await file.close();
    }
  }

  indexOf(name: string): number | undefined {
    return this.#indexes.get(name);
  }
}
