import { open, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { bytesFrom, bytesOf } from "./reading/bytes.ts";
import { Crew } from "./crew.ts";
import { RangeReader } from "./reading/ranges.ts";
import type { AuditLogFilter } from "./scanner.ts";
import { Tally, type AuditLogSummary } from "./tally.ts";

export { bytesOf } from "./reading/bytes.ts";
export { eventsOf } from "./events.ts";
export type { AuditLogSummary, BrokenArchive } from "./tally.ts";
export type { LoggedEvent } from "./events.ts";
export type { LogSource } from "./wrappings.ts";

/** Which of the logs' events count, and who is told how far the reading is. */
export interface AuditLogOptions extends AuditLogFilter {
  /** Bytes read so far, before unpacking, of those that the files have; standard input's are in the first only. */
  onProgress?: (bytes: number, total: number) => void;
}

/** How the reading of a file is shared. */
export interface Sharing {
  /** Besides the one that asks. */
  threads: number;
  /** A smaller file, in bytes, is read by one thread. */
  least: number;
  /** Bytes of a part, about. */
  part: number;
}

/** Starting a thread takes as long as reading 32 to 64 MB; more threads take more memory. */
const sharing: Sharing = { threads: Math.min(availableParallelism() - 1, 3), least: 64 << 20, part: 1 << 20 };

/**
 * The requests that kube-apiserver's audit logs show: JSON lines of audit.k8s.io/v1 Events, or of EventLists, plain or gzipped.
 * `files` are paths, "-" is standard input; they are taken in the order given, which should be that of time. Memory grows with
 * the distinct requests only. Large plain files are read by several threads, to the same end: streams, archives, logs whose events
 * somebody is told of and what stands from a line of more than 64 MiB on by one. Of an archive that was cut or damaged, what can
 * be unpacked is read, and the summary tells. Throws an Error that names the file when one cannot be read.
 */
export async function inferFromLogs(
  files: readonly string[],
  options: AuditLogOptions = {},
  { threads, least, part }: Sharing = sharing,
): Promise<AuditLogSummary> {
  const { onProgress, ...filter } = options;
  let total = 0;
  const sizes = new Map<string, number>();
  for (const file of files) {
    if (file === "-") continue;
    const { size } = await naming(file, () => stat(file));
    sizes.set(file, size);
    total += size;
  }
  const tally = new Tally(filter);
  let crew: Crew | undefined;
  let read = 0;
  const onRead = (bytes: number): void => onProgress?.((read += bytes), total);
  try {
    for (const file of files)
      await naming(file, async () => {
        tally.begin(file);
        if (threads > 0 && filter.onEvent === undefined && (sizes.get(file) ?? 0) >= least) {
          await using opened = await open(file);
          if (new RangeReader().isLines(opened.fd)) {
            const rest = await (crew ??= new Crew(tally, threads, filter)).read(opened.fd, part, onRead);
            if (rest === undefined) return;
            for await (const chunk of bytesFrom(file, rest, onRead)) tally.push(chunk);
            return tally.end();
          }
        }
        let broken: string | undefined;
        for await (const chunk of bytesOf(file, onRead, (why) => (broken = why))) tally.push(chunk);
        tally.end(broken);
      });
  } finally {
    await crew?.end();
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
