/**
 * A key that only equal lists of texts share, whatever characters they hold: each text follows its length. The key of a longer list
 * is that of its beginning and that of its end, one after the other. Undefined is no text.
 */
export function keyOf(texts: readonly (string | undefined)[]): string {
  let key = "";
  for (const text of texts) key += text === undefined ? "-" : `${text.length}:${text}`;
  return key;
}
