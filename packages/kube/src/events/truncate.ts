const ellipsis = "…";

/** The text or, where it has more bytes of UTF-8 than `most` (at least 3), its beginning with an ellipsis. No character is cut in two. */
export function truncate(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(most - Buffer.byteLength(ellipsis)));
  return text.slice(0, read) + ellipsis;
}
