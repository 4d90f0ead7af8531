/** Gives the offset of the next mention at or after an offset; the bytes' length when there is none. Offsets must not decrease. */
export type Mentions = (from: number) => number;

const short: Record<string, string> = { '"': '"', "\\": "\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t" };

/**
 * Finds where lines of JSON may hold a name as a string, without parsing them. A line without a mention doesn't hold it; one with a
 * mention may not either. JSON has many spellings of a name, and all but the plain one escape at least one of its characters:
 * so a mention is the plain one in quotes, or an escape of any character of the name. kube-apiserver's many `\u0026` in paths and
 * `\"` in annotations are none, then, for a name without `&` and quotes.
 */
export function mentionsOf(name: string): (bytes: Buffer) => Mentions {
  const plain = Buffer.from(`"${name}"`);
  const units = new Set(
    Array.from({ length: name.length }, (_, index) => Buffer.from(name.charCodeAt(index).toString(16).padStart(4, "0")).readUInt32BE()),
  );
  const escapes = Object.keys(short)
    .filter((character) => name.includes(character))
    .map((character) => Buffer.from(`\\${short[character]}`));
  // Bytes that aren't UTF-8 are read as U+FFFD.
  if (name.includes("\ufffd")) return () => (from) => from;
  return (bytes) => {
    const searches = [
      ...[plain, ...escapes].map((needle) => (from: number) => bytes.indexOf(needle, from)),
      (from: number) => escaped(bytes, units, from),
    ].map((find) => ahead(find, bytes.length));
    return (from) => searches.reduce((nearest, next) => Math.min(nearest, next(from)), bytes.length);
  };
}

const unicode = Buffer.from("\\u");

/** The next `\uXXXX` of one of the UTF-16 units, which are given as the four bytes of their digits in lower case. */
function escaped(bytes: Buffer, units: ReadonlySet<number>, from: number): number {
  for (let at = bytes.indexOf(unicode, from); at >= 0 && at + 6 <= bytes.length; at = bytes.indexOf(unicode, at + 2)) {
    // Sets the bit that tells lower case; digits have it.
    if (units.has(bytes.readUInt32BE(at + 2) | 0x20202020)) return at;
  }
  return -1;
}

/** Searches again only when what was found lies behind. */
function ahead(find: (from: number) => number, length: number): Mentions {
  let found = -1;
  return (from) => {
    if (found < from) {
      found = find(from);
      if (found < 0) found = length;
    }
    return found;
  };
}
