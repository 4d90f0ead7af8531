/** What programs put into names to make each new: Helm's revisions, dates, UUIDs, hashes, the API server's suffixes. */
const parts: readonly RegExp[] = [
  /\.v\d+$/,
  /(?<=[-.])\d{4,}(?=$|[-.])/,
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  /(?<=^|[-.])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}(?=$|[-.])/,
  // k8s.io/apimachinery pkg/util/rand: no vowels, and none of 0, 1 and 3. Without a digit, it may be a word.
  /(?<=-)(?=[a-z]*\d)[bcdfghjklmnpqrstvwxz2456789]{5}$/,
];

/** The part of a name that is another in the next object of its kind; undefined where none shows. */
export function freshPart(name: string): string | undefined {
  for (const part of parts) {
    const found = part.exec(name);
    if (found !== null) return found[0];
  }
  return undefined;
}
