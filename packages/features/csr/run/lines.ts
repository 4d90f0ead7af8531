/** Lines of one requester: what waits for the cloud in one doesn't keep the others. */
const slots = 8;

/**
 * The names of requests that wait to be looked at, in lines by requester: lines take turns, so that nobody's many requests keep another's. In a
 * line the newest is first: a kubelet waits for its newest alone, and what was there before, be it a flood, doesn't keep it.
 */
export class Lines {
  readonly #lines = new Map<string, string[]>();

  /** Puts a request before all that wait in its line, or behind them; gives the line. */
  put(requester: string, name: string, where: "first" | "last"): string {
    const line = `${requester} ${slotOf(name)}`;
    const names = this.#lines.get(line) ?? [];
    if (where === "first") names.push(name);
    else names.unshift(name);
    this.#lines.set(line, names);
    return line;
  }

  /** Takes out the first of a line. */
  take(line: string): string | undefined {
    const names = this.#lines.get(line);
    const name = names?.pop();
    if (names?.length === 0) this.#lines.delete(line);
    return name;
  }

  has(line: string): boolean {
    return this.#lines.has(line);
  }
}

function slotOf(name: string): number {
  let sum = 0;
  for (let index = 0; index < name.length; index += 1) sum = (sum * 31 + name.charCodeAt(index)) % 65_521;
  return sum % slots;
}
