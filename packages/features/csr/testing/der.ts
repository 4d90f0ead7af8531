/** Bytes of DER, or of what is nearly that. */
export type Der = Uint8Array;

const encoded = (tag: number, ...parts: readonly Der[]): Der => {
  const contents = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(contents.length), contents]);
};

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** Writes DER value by value, for what no library would write. */
export const der = {
  encoded,
  sequence: (...parts: Der[]) => encoded(0x30, ...parts),
  set: (...parts: Der[]) => encoded(0x31, ...parts),
  oid: (text: string) => {
    const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
    const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
      const groups = [arc & 0x7f];
      for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift(0x80 | (left & 0x7f));
      return groups;
    });
    return encoded(0x06, Buffer.from(bytes));
  },
  text: (tag: number, text: string) => encoded(tag, Buffer.from(text, "latin1")),
  octets: (bytes: Der) => encoded(0x04, bytes),
};
