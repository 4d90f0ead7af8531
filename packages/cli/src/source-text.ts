import { decodeText, EncodingError } from "@plimsoll/api/text";
import { messageOf } from "@plimsoll/kube/message";
import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { UsageError } from "./failure.ts";

/** The text of a file, or of standard input for `-`. An EncodingError says where it is not UTF-8. */
export async function readText(file: string): Promise<string> {
  return decodeText(file === "-" ? await buffer(process.stdin) : readFileSync(file));
}

/** Why a file can't be read, by what was thrown. */
export function unreadable(error: unknown): string {
  const isFolder = error instanceof Error && "code" in error && error.code === "EISDIR";
  return isFolder ? "is a folder: name its files, as in FOLDER/*.yaml" : `cannot be read: ${messageOf(error)}`;
}

/** The same. A UsageError says why it can't be read. */
export async function readSource(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    if (error instanceof EncodingError) throw new UsageError(`${file}:${error.line}: ${error.message}`);
    throw new UsageError(`${file}: ${unreadable(error)}`);
  }
}

/** Throws a UsageError where arguments name standard input twice. */
export function checkReadOnce(sources: readonly (string | undefined)[]): void {
  if (sources.filter((source) => source === "-").length > 1)
    throw new UsageError("-: standard input can be read only once: put one of the two in a file");
}
