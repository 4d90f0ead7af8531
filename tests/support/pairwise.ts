/** Factors, each with the levels that it may have. */
export type Factors<T> = Record<string, readonly T[]>;

/**
 * Few choices of a level for each factor, such that any two levels of two factors stand together in one of them: what is wrong
 * with a pair shows, at some tens of choices in place of millions. Greedy, and the same at each call.
 */
export function pairwise<T>(factors: Factors<T>): Record<string, T>[] {
  const names = Object.keys(factors);
  const levels = names.map((name) => factors[name] ?? []);
  const missing = new Set<string>();
  for (const [a, ofA] of levels.entries())
    for (let b = a + 1; b < levels.length; b += 1)
      for (const i of ofA.keys()) for (const j of (levels[b] ?? []).keys()) missing.add(pair(a, i, b, j));
  const rows: number[][] = [];
  while (missing.size > 0) {
    const row = completed(first(missing), levels, missing);
    for (const [a, i] of row.entries()) for (const [b, j] of row.entries()) if (a < b) missing.delete(pair(a, i, b, j));
    rows.push(row);
  }
  return rows.map((row) => Object.fromEntries(row.map((level, factor) => [names[factor] ?? "", levels[factor]?.[level] as T])));
}

function pair(a: number, i: number, b: number, j: number): string {
  return a < b ? `${a}.${i} ${b}.${j}` : `${b}.${j} ${a}.${i}`;
}

/** The levels of a pair that is missing, by their factors. */
function first(missing: ReadonlySet<string>): Map<number, number> {
  const [found = ""] = missing;
  return new Map(found.split(" ").map((part) => part.split(".").map(Number) as [number, number]));
}

/** Each further factor gets the level that makes up for the most missing pairs with those before it. */
function completed(chosen: Map<number, number>, levels: readonly (readonly unknown[])[], missing: ReadonlySet<string>): number[] {
  for (const [factor, of] of levels.entries()) {
    if (chosen.has(factor)) continue;
    const gains = of.map((_, level) => [...chosen].filter(([other, at]) => missing.has(pair(factor, level, other, at))).length);
    chosen.set(factor, gains.indexOf(Math.max(...gains)));
  }
  return levels.map((_, factor) => chosen.get(factor) ?? 0);
}
