/** Throws an Error where aliases stand for what they are in, or for so much that kubectl refuses it. */
export function checkExpanded(value: unknown): void {
  const sizes = new Map<object, number>();
  let own = 0;
  const sizeOf = (part: unknown): number => {
    if (typeof part !== "object" || part === null) return 1;
    const known = sizes.get(part);
    if (known !== undefined) {
      own += 1; // The alias itself.
      return known + 1;
    }
    sizes.set(part, Number.NaN);
    const keys = Array.isArray(part) ? 0 : Object.keys(part).length;
    let size = 1 + keys;
    own += 1 + keys;
    for (const inner of Object.values(part)) {
      const more = sizeOf(inner);
      if (Number.isNaN(more)) throw new Error("an alias stands for what it is in");
      size += more;
      if (typeof inner !== "object" || inner === null) own += 1;
    }
    sizes.set(part, size);
    return size;
  };
  const all = sizeOf(value);
  const aliased = all - own;
  if (aliased > 100 && all > 1000 && aliased / all > allowedShare(all))
    throw new Error("aliases stand for more than kubectl takes: write out what is meant");
}

/** How much of so many parts may come from aliases (goyaml.v2, decode.go). */
function allowedShare(parts: number): number {
  const [low, high] = [400_000, 4_000_000];
  return 0.99 - 0.89 * Math.min(1, Math.max(0, (parts - low) / (high - low)));
}
