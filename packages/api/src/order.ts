/** Each node after those that it needs; nodes of a cycle are left out. `needs` gives a node's needs by their indexes. */
export function topologicalOrder(needs: readonly (readonly number[])[]): number[] {
  const dependents: number[][] = needs.map(() => []);
  const unmet = needs.map((own) => own.length);
  for (const [index, own] of needs.entries()) for (const need of own) dependents[need]?.push(index);
  const order = unmet.flatMap((count, index) => (count === 0 ? [index] : []));
  for (const index of order) {
    for (const dependent of dependents[index] ?? []) {
      const left = (unmet[dependent] ?? 0) - 1;
      unmet[dependent] = left;
      if (left === 0) order.push(dependent);
    }
  }
  return order;
}

/** One cycle, each node followed by one that it needs; undefined where there is none. */
export function findCycle(needs: readonly (readonly number[])[]): number[] | undefined {
  const sound = new Set(topologicalOrder(needs));
  const start = needs.findIndex((_, index) => !sound.has(index));
  if (start < 0) return undefined;
  // Whatever is in no order needs something that is in no order: following such needs must come round.
  const places = new Map<number, number>();
  const path: number[] = [];
  for (let at = start; ; at = needs[at]?.find((need) => !sound.has(need)) ?? start) {
    const seen = places.get(at);
    if (seen !== undefined) return path.slice(seen);
    places.set(at, path.length);
    path.push(at);
  }
}
