import { messageOf } from "@plimsoll/kube/message";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { UsageError } from "./failure.ts";

/** The text of a file, or of standard input for `-`. */
export function readText(file: string): Promise<string> {
  return file === "-" ? text(process.stdin) : readFile(file, "utf8");
}

/** The same. A UsageError says why it can't be read. */
export async function readSource(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${messageOf(error)}`);
  }
}
