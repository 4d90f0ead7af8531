/** That a text's bytes are not UTF-8, and where the first is that isn't. */
export class EncodingError extends Error {
  /** From 1. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** The text of a file, without a byte order mark. Throws an EncodingError for what isn't UTF-8: kubectl would change it without a word. */
export function decodeText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  const again = Buffer.from(text);
  if (!again.equals(bytes)) throw notUtf8(bytes, again);
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function notUtf8(bytes: Buffer, again: Buffer): EncodingError {
  const [first = 0, second = 0] = bytes;
  if (first + second === 0xff + 0xfe && (first === 0xff || first === 0xfe)) return new EncodingError("is UTF-16: save it as UTF-8", 1);
  const offset = bytes.findIndex((byte, at) => byte !== again[at]);
  const line = bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1;
  const byte = (bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, "0");
  return new EncodingError(`is not UTF-8, by its byte 0x${byte} at offset ${offset}: save it as UTF-8`, line);
}
