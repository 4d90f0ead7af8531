import { folded } from "./folded.ts";

/** A suggestion of the known name that an unknown one was perhaps meant to be; else what names there are. */
export function closest(name: string, known: readonly string[]): string {
  const best = nearest(name, known);
  if (best !== undefined) return `; did you mean "${best}"?`;
  if (known.length === 0) return ", nor any other";
  return `; there is ${known.slice(0, 10).join(", ")}${known.length > 10 ? ", …" : ""}`;
}

/** The known name that an unknown one was perhaps meant to be; undefined where it is like none. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best = known.find((candidate) => folded(candidate) === folded(name));
  let least = best === undefined ? Math.max(1, Math.floor(name.length / 3)) + 1 : 0;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least || isFarFetched(name, candidate)) continue;
    const changes = distance(name, candidate);
    if (changes < least) [best, least] = [candidate, changes];
  }
  return best;
}

/** Of short words one letter makes another word: `id` isn't `if`, nor `ifs`. */
function isFarFetched(name: string, candidate: string): boolean {
  return Math.min(name.length, candidate.length) <= 2 && name.length <= 3;
}

/** How many characters must be put in, left out, changed, or swapped with the next to make one word of the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
