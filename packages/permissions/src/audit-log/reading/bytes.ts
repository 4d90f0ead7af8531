import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Smaller takes more time, larger more memory. */
const chunkSize = 1 << 18;

/**
 * The bytes of a file, or of standard input for "-", unpacked when they begin like gzip. `onRead` is told how many more were read, before they
 * are unpacked. Of an archive that was cut or damaged comes what can be unpacked, and then `onBroken` is told what is wrong with it.
 * Whatever else stops the reading is thrown.
 */
export async function* bytesOf(
  file: string,
  onRead: (bytes: number) => void,
  onBroken: (why: string) => void = () => {},
): AsyncGenerator<Buffer> {
  const input: Readable = file === "-" ? process.stdin : createReadStream(file, { highWaterMark: chunkSize });
  const chunks = counted(input, onRead);
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  const all = prefixed(head, chunks);
  yield* head.length >= 2 && head.readUInt16BE() === 0x1f8b ? unpacked(all, onBroken) : all;
}

/** The bytes of a plain file from `start` on. */
export function bytesFrom(file: string, start: number, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  return counted(createReadStream(file, { start, highWaterMark: chunkSize }), onRead);
}

/** A stream's own iterator would drop what was unpacked before an error. */
async function* unpacked(packed: AsyncIterable<Buffer>, onBroken: (why: string) => void): AsyncGenerator<Buffer> {
  let failure: NodeJS.ErrnoException | undefined;
  let told = Promise.withResolvers<void>();
  const tell = (): void => {
    told.resolve();
    told = Promise.withResolvers();
  };
  const gunzip = createGunzip({ chunkSize })
    .on("readable", tell)
    .on("end", tell)
    .on("error", (error) => {
      failure = error;
      tell();
    });
  // An error of either end destroys both.
  pipeline(packed, gunzip, () => {});
  try {
    while (!gunzip.readableEnded) {
      const chunk: Buffer | null = gunzip.read();
      if (chunk !== null) yield chunk;
      else if (failure === undefined) await told.promise;
      else break;
    }
  } finally {
    gunzip.destroy();
  }
  if (failure?.code === "Z_BUF_ERROR") onBroken("is cut off: its end is missing");
  else if (failure?.code?.startsWith("Z_")) onBroken(`is damaged: ${failure.message}`);
  else if (failure !== undefined) throw failure;
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
