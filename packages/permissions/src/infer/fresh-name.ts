/** What programs put into names to make each new: Helm's revisions, dates, UUIDs, ULIDs, hashes, the API server's suffixes. */
const parts: readonly RegExp[] = [
  /\.v\d+$/,
  /(?<=[-.])\d{6,}(?=$|[-.])/,
  // A year, and what is more exact. Other short numbers may be a port, or whatever stays.
  /(?<=[-.])20[1-3]\d(?:[-.]\d\d)*(?=$|[-.])/,
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  // github.com/ulid/spec: 26 characters without i, l, o and u, of which the first is 0 for some centuries.
  /(?<=^|[-.])0[0-9a-hjkmnp-tv-z]{25}(?=$|[-.])/,
  /(?<=^|[-.])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}(?=$|[-.])/,
  // kustomize api/hasher: ten hexadecimal digits without vowels, and without 0, 1 and 3.
  /(?<=-)[2456789bcdfghkmt]{10}$/,
  // k8s.io/apimachinery pkg/util/rand: no vowels, and none of 0, 1 and 3. Without a digit, it may be a word.
  /(?<=-)(?=[a-z]*\d)[bcdfghjklmnpqrstvwxz2456789]{5}$/,
];

/** A word or a number in one name, and what is new each time where several names differ in it only. */
const inSeries: readonly { part: RegExp; isFresh: (found: ReadonlySet<string>) => boolean }[] = [
  // What is numbered from its beginning on, as a StatefulSet's pods, is there to stay.
  { part: /(?<=[-.]v?)\d{1,5}(?=$|[-.])/g, isFresh: (found) => Math.min(...[...found].map(Number)) > 1 },
  { part: /(?<=-)[bcdfghjklmnpqrstvwxz2456789]{5}$/g, isFresh: () => true },
];

/** The part of each of the names that is another in the next object of its kind; those where none shows are left out. */
export function freshParts(names: Iterable<string>): Map<string, string> {
  const found = new Map<string, string>();
  const left: string[] = [];
  for (const name of new Set(names)) {
    const part = freshPart(name);
    if (part === undefined) left.push(name);
    else found.set(name, part);
  }
  for (const { part, isFresh } of inSeries) {
    const matches = left.flatMap((name) => [...name.matchAll(part)].map(({ 0: text, index }) => ({ name, text, index })));
    const series = Map.groupBy(matches, ({ name, text, index }) => `${name.slice(0, index)} ${name.slice(index + text.length)}`);
    for (const alike of series.values())
      if (alike.length > 1 && isFresh(new Set(alike.map(({ text }) => text)))) for (const { name, text } of alike) found.set(name, text);
  }
  return found;
}

function freshPart(name: string): string | undefined {
  for (const part of parts) {
    const found = part.exec(name);
    if (found !== null) return found[0];
  }
  return undefined;
}
