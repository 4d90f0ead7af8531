import { messageOf } from "@plimsoll/kube/message";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { UsageError } from "./failure.ts";

/** The text of a file, or of standard input for `-`. */
export async function readText(file: string): Promise<string> {
  return file === "-" ? text(process.stdin) : readFileSync(file, "utf8");
}

/** The same. A UsageError says why it can't be read. */
export async function readSource(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${messageOf(error)}`);
  }
}
