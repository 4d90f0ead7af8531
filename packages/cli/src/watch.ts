import type { PipelineRun } from "@plimsoll/api";
import { Cache, systemClock } from "@plimsoll/kube";
import type { Client } from "./connect.ts";
import { formatDag, formatPhase, stepsOf } from "./dag.ts";
import { elapsed, formatDuration } from "./duration.ts";
import { Failure } from "./failure.ts";
import { follow } from "./follow.ts";
import { paintFor, type Paint } from "./paint.ts";

/** Whether a run has come to its end. */
export function ended(run: PipelineRun): boolean {
  return run.status?.finishedAt !== undefined;
}

/** Every state of one run from now on, the given one first, until it ends. Fails when the run is deleted. */
export async function* states(client: Client, run: PipelineRun): AsyncGenerator<PipelineRun> {
  yield run;
  if (ended(run)) return;
  const { namespace = "", name = "" } = run.metadata;
  const stop = new AbortController();
  const news: (PipelineRun | Failure)[] = [];
  let wake = (): void => {};
  const cache = new Cache(client("pipelineruns.plimsoll.dev"), { project: (one) => one, select: { namespace, fieldSelector: `metadata.name=${name}` } });
  cache.on(({ type, object }) => {
    news.push(type === "delete" ? new Failure(`run "${name}" was deleted`) : object);
    wake();
  });
  const watching = cache.start(stop.signal);
  try {
    for (;;) {
      const next = news.shift();
      if (next instanceof Failure) throw next;
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
      if (next !== undefined && ended(next)) return;
    }
  } finally {
    stop.abort();
    await watching;
  }
}

/** Shows a run on stderr until it ends, and fails when it did not succeed. */
export async function watchRun(client: Client, first: PipelineRun): Promise<void> {
  const paint = paintFor(process.stderr);
  let run = first;
  let told = first;
  let untold = [formatRunLine(first, paint)];
  const screen = follow(
    {
      lines: () => formatDag(run, systemClock.now(), paint),
      news: () => {
        const news = [...untold, ...changes(told, run, paint)];
        [told, untold] = [run, []];
        return news;
      },
    },
    process.stderr,
  );
  try {
    for await (run of states(client, first));
  } finally {
    screen.stop();
  }
  if (run.status?.phase !== "Succeeded") throw new Failure(`run ${run.metadata.name} ${(run.status?.phase ?? "pending").toLowerCase()}: ${run.status?.message ?? "no reason was given"}`);
}

/** What happened between two states of a run, a line each, in the order of the steps. */
export function changes(before: PipelineRun, after: PipelineRun, paint: Paint): string[] {
  const lines: string[] = [];
  for (const { name } of stepsOf(after)) {
    const old = before.status?.steps?.[name];
    const entry = after.status?.steps?.[name];
    if (entry === undefined || (old?.phase === entry.phase && old.message === entry.message)) continue;
    const took = entry.finishedAt === undefined ? undefined : elapsed(entry.startedAt, entry.finishedAt, 0);
    const items = entry.items === undefined ? "" : `${entry.items.succeeded ?? 0}/${entry.items.total}`;
    lines.push([`step ${name}:`, formatPhase(entry.phase, paint), items, took === undefined ? "" : formatDuration(took), entry.message ?? ""].filter(Boolean).join(" "));
  }
  if (before.status?.phase !== after.status?.phase) lines.push(formatRunLine(after, paint));
  return lines;
}

function formatRunLine(run: PipelineRun, paint: Paint): string {
  const took = run.status?.finishedAt === undefined ? undefined : elapsed(run.status.startedAt, run.status.finishedAt, 0);
  return [`run ${run.metadata.name}:`, formatPhase(run.status?.phase, paint), took === undefined ? "" : formatDuration(took), run.status?.message ?? ""].filter(Boolean).join(" ");
}
