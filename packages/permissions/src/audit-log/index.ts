import { stat } from "node:fs/promises";
import type { AuditLogFilter, AuditLogSummary } from "./tally.ts";
import { bytesOf } from "./bytes.ts";
import { Tally } from "./tally.ts";

export { bytesOf } from "./bytes.ts";
export { eventsOf } from "./events.ts";
export type { AuditLogSummary } from "./tally.ts";
export type { LoggedEvent } from "./events.ts";
export type { LogSource } from "./wrappings.ts";

/** Which of the logs' events count, and who is told how far the reading is. */
export interface AuditLogOptions extends AuditLogFilter {
  /** Bytes read so far, before unpacking, of those that the files have; standard input's are in the first only. */
  onProgress?: (bytes: number, total: number) => void;
}

/**
 * The requests that kube-apiserver's audit logs show: JSON lines of audit.k8s.io/v1 Events, or of EventLists, plain or gzipped.
 * `files` are paths, "-" is standard input; they are taken in the order given, which should be that of time. Memory grows with
 * the distinct requests only. Throws an Error that names the file when one cannot be read.
 */
export async function inferFromLogs(files: readonly string[], options: AuditLogOptions = {}): Promise<AuditLogSummary> {
  const { onProgress, ...filter } = options;
  let total = 0;
  for (const file of files) if (file !== "-") total += await naming(file, async () => (await stat(file)).size);
  const tally = new Tally(filter);
  let read = 0;
  for (const file of files) {
    await naming(file, async () => {
      tally.begin(file);
      for await (const chunk of bytesOf(file, (bytes) => onProgress?.((read += bytes), total))) tally.push(chunk);
      tally.end();
    });
  }
  return tally.summary;
}

async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(
      `cannot read the audit log ${file === "-" ? "from standard input" : file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
