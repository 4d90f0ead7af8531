import type { PipelineRun } from "@plimsoll/api";
import { systemClock } from "@plimsoll/kube";
import type { Client } from "../connect/connect.ts";
import { formatDag, formatItems, formatPhase, formatRunPhase, stepsOf } from "./dag.ts";
import { elapsed, formatDuration } from "../output/duration.ts";
import { events, type Watched } from "./events.ts";
import { Failure } from "../failure.ts";
import { follow } from "./follow.ts";
import { paintFor, type Paint } from "../output/paint.ts";
import { visible } from "../output/visible.ts";

/** Whether a run has come to its end. */
export function ended(run: PipelineRun): boolean {
  return run.status?.finishedAt !== undefined;
}

/** Every state of one run from now on, the given one first, until it ends. Fails when the run is deleted, or may not be watched. */
export async function* states(client: Client, run: PipelineRun, how: Pick<Watched, "say" | "signal">): AsyncGenerator<PipelineRun> {
  yield run;
  if (ended(run)) return;
  const { namespace = "", name = "", resourceVersion } = run.metadata;
  const select = { namespace, fieldSelector: `metadata.name=${name}` };
  for await (const { type, object } of events(client("pipelineruns.plimsoll.dev"), {
    resource: "pipelineruns.plimsoll.dev",
    select,
    ...how,
  })) {
    if (type === "delete") throw new Failure(`run "${name}" was deleted`);
    if (object.metadata.resourceVersion !== resourceVersion) yield object;
    if (ended(object)) return;
  }
}

/** Fails when a run did not succeed. */
export function checkSuccess({ metadata, status }: PipelineRun): void {
  if (status?.phase === "Succeeded") return;
  const what = status?.phase === "Cancelled" ? "was cancelled" : (status?.phase ?? "pending").toLowerCase();
  throw new Failure([`run ${metadata.name} ${what}`, ...(status?.message ? [visible(status.message)] : [])].join(": "));
}

/** Shows a run on stderr until it ends, and fails when it did not succeed. */
export async function watchRun(client: Client, first: PipelineRun): Promise<void> {
  const paint = paintFor(process.stderr);
  let run = first;
  let told = first;
  let untold = [formatRunLine(first, paint)];
  const screen = follow(
    {
      lines: (most) => formatDag(run, systemClock.now(), paint, most),
      news: () => {
        const news = [...untold, ...changes(told, run, paint)];
        [told, untold] = [run, []];
        return news;
      },
    },
    process.stderr,
  );
  try {
    for await (run of states(client, first, screen));
  } finally {
    screen.stop();
  }
  checkSuccess(run);
}

/** What happened between two states of a run, a line each, in the order of the steps; the run begins before them and ends after them. */
export function changes(before: PipelineRun, after: PipelineRun, paint: Paint): string[] {
  const lines: string[] = [];
  for (const { name } of stepsOf(after)) {
    const old = before.status?.steps?.[name];
    const entry = after.status?.steps?.[name];
    if (entry === undefined || (old?.phase === entry.phase && old.message === entry.message)) continue;
    const took = entry.finishedAt === undefined ? undefined : elapsed(entry.startedAt, entry.finishedAt, 0);
    const items = formatItems(entry);
    lines.push(
      [
        `step ${name}:`,
        formatPhase(entry.phase, paint),
        items,
        took === undefined ? "" : formatDuration(took),
        visible(entry.message ?? ""),
      ]
        .filter(Boolean)
        .join(" "),
    );
  }
  if (before.status?.phase === after.status?.phase) return lines;
  return ended(after) ? [...lines, formatRunLine(after, paint)] : [formatRunLine(after, paint), ...lines];
}

function formatRunLine(run: PipelineRun, paint: Paint): string {
  const took = run.status?.finishedAt === undefined ? undefined : elapsed(run.status.startedAt, run.status.finishedAt, 0);
  return [
    `run ${run.metadata.name}:`,
    formatRunPhase(run, paint),
    took === undefined ? "" : formatDuration(took),
    visible(run.status?.message ?? ""),
  ]
    .filter(Boolean)
    .join(" ");
}
