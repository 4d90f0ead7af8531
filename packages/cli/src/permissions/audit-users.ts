import { open, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";

/** No more of a log than is read in the blink of an eye. */
const looked = 16 * 1024 * 1024;
/** What gzip's archives begin with, whatever they are called. */
const gzip = 0x1f8b;
const username = /"(?:user|impersonatedUser)":\{"username":"((?:[^"\\]|\\.)*)"/g;

/** The users that the beginnings of audit logs name, those with most events first; for a message only, so nothing is parsed. */
export async function usersIn(files: readonly string[]): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const file of files) {
    // What is not a file gives its content once only.
    if (file === "-" || !(await stat(file)).isFile()) continue;
    for (const [, name = ""] of (await beginningOf(file)).matchAll(username)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

async function beginningOf(file: string): Promise<string> {
  const handle = await open(file);
  const { buffer: head } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const packed = handle.createReadStream({ start: 0, end: looked - 1 });
  const bytes = head.readUInt16BE() === gzip ? packed.pipe(createGunzip()) : packed;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of bytes) {
      const buffer = Buffer.from(chunk as Uint8Array);
      chunks.push(buffer);
      length += buffer.length;
      if (length >= looked) break;
    }
  } catch {
    // The archive was cut at what is looked at.
  } finally {
    packed.destroy();
  }
  return Buffer.concat(chunks).toString("utf8");
}
