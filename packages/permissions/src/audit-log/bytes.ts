import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { constants, createGunzip } from "node:zlib";

/** Smaller takes more time, larger more memory. */
const chunkSize = 1 << 18;

/**
 * The bytes of a file, or of standard input for "-", unpacked when they begin like gzip; of an archive that was cut, what it has.
 * `onRead` is told how many more were read, before they are unpacked. Whatever stops the reading is thrown.
 */
export async function* bytesOf(file: string, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  const input: Readable = file === "-" ? process.stdin : createReadStream(file, { highWaterMark: chunkSize });
  const chunks = counted(input, onRead);
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  const all = prefixed(head, chunks);
  // An error of either end destroys both, and the reader of the unpacked bytes gets it.
  yield* head.length >= 2 && head.readUInt16BE() === 0x1f8b
    ? pipeline(all, createGunzip({ chunkSize, finishFlush: constants.Z_SYNC_FLUSH }), () => {})
    : all;
}

async function* counted(input: AsyncIterable<Buffer>, onRead: (bytes: number) => void): AsyncGenerator<Buffer, undefined> {
  for await (const chunk of input) {
    onRead(chunk.length);
    yield chunk;
  }
}

async function* prefixed(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}
