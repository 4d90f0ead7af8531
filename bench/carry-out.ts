import type { PipelineRun } from "@plimsoll/api";
import { Cache, messageOf } from "@plimsoll/kube";
import type { Load } from "./loads.ts";
import type { Client } from "./testbed.ts";

/** Of a load that has been carried out. */
export interface CarriedOut {
  /** Seconds from its first request until every run was seen to have ended. */
  wall: number;
  /** The longest status of a run that was seen, in bytes. */
  statusBytes: number;
}

const minutes = 30;

/** Creates a load's runs, and resolves when every one has ended; fails where one didn't succeed. */
export async function carryOut(client: Client, { namespace, runs }: Load): Promise<CarriedOut> {
  const end = new AbortController();
  const done = Promise.withResolvers<void>();
  let statusBytes = 0;
  const cache = new Cache(client("pipelineruns.plimsoll.dev"), {
    project: ({ metadata, status }: PipelineRun) => {
      statusBytes = Math.max(statusBytes, Buffer.byteLength(JSON.stringify(status ?? {})));
      return { name: metadata.name ?? "", phase: status?.phase, message: status?.message, ended: status?.finishedAt !== undefined };
    },
    select: { namespace },
    onError: (error) => console.error(messageOf(error)),
  });
  let ended = 0;
  cache.on((event) => {
    if (event.type === "delete" || !event.object.ended || (event.type === "update" && event.old.ended)) return;
    const { name, phase, message } = event.object;
    if (phase !== "Succeeded") done.reject(new Error(`${namespace}/${name} ended as ${phase}: ${message}`));
    ended += 1;
    if (ended === runs.length) done.resolve();
  });
  const late = (): void => done.reject(new Error(`only ${ended} of ${runs.length} runs have ended after ${minutes} minutes`));
  const timer = setTimeout(late, minutes * 60_000);
  const started = performance.now();
  const watching = cache.start(end.signal);
  try {
    await Promise.all([done.promise, ...runs.map((run) => client("pipelineruns.plimsoll.dev").create(run))]);
    return { wall: (performance.now() - started) / 1000, statusBytes };
  } finally {
    clearTimeout(timer);
    end.abort();
    await watching;
  }
}
