import { bytesOf } from "@plimsoll/permissions/audit-log";
import { stat } from "node:fs/promises";

/** No more of a log than is read in the blink of an eye. */
const looked = 16 * 1024 * 1024;
const username = /"(?:user|impersonatedUser)":\s*\{\s*"username":\s*"((?:[^"\\]|\\.)*)"/g;

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
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of bytesOf(file, () => {})) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= looked) break;
    }
  } catch {
    // An archive that was cut: what came before is worth a look.
  }
  return Buffer.concat(chunks).toString("utf8");
}
