// A controller that begins with runs under way: child.ts FOLDER, where the shelves are. It prints what that took as JSON.
import { PipelinesController, type PipelinesRuntime } from "@plimsoll/features/pipelines";
import { SharedWatches, systemClock, WorkQueue } from "@plimsoll/kube";
import { join } from "node:path";
import { Registry } from "prom-client";
import { setTimeout as sleep } from "node:timers/promises";
import { usageOf } from "../process.ts";
import { FakeApi } from "./fake-api.ts";
import { Shelf } from "./shelf.ts";
import { Stillness } from "./stillness.ts";

const [folder = ""] = process.argv.slice(2);
const shelf = (resource: string): Shelf => new Shelf(join(folder, resource));
const api = new FakeApi({
  "pipelineruns.plimsoll.dev": shelf("pipelineruns.plimsoll.dev"),
  pods: shelf("pods"),
  "jobs.batch": shelf("jobs.batch"),
});
let errors = 0;
const retried = (what: string, error: unknown): void => {
  errors += 1;
  if (errors <= 5) console.error(what, error);
};
const end = new AbortController();
const watches = new SharedWatches({ onError: retried });
const ignored = (): void => {};
const runtime = {
  client: api.client,
  view: (resource: string, wanted: never) => watches.view(resource, api.client(resource) as never, wanted),
  synced: () => watches.synced(),
  queue: () => new WorkQueue({ onError: retried }),
  elected: Promise.resolve(),
  signal: end.signal,
  clock: systemClock,
  metrics: new Registry(),
  events: { record: ignored },
  retried,
  onRetryAfter: ignored,
  onConfig: ignored,
};
// The fake has all that a controller asks of its runtime, though not its types.
const controller = new PipelinesController(runtime as unknown as PipelinesRuntime, { podQPS: 100_000, podBurst: 100_000 });
globalThis.gc?.();
const before = usageOf(process.pid);
const started = performance.now();
const stillness = new Stillness();
const watching = watches.run(end.signal);
const running = controller.run();
await watches.synced();
const synced = performance.now();
const ready = await atRest();
stillness.stop();
const { rss, peakRss, cpu } = usageOf(process.pid);
globalThis.gc?.();
console.log(
  JSON.stringify({
    longest: { wall: stillness.wall, cpu: stillness.cpu },
    synced: (synced - started) / 1000,
    ready: (ready - started) / 1000,
    cpu: (cpu - before.cpu) / 1000,
    heap: process.memoryUsage().heapUsed / 1e6,
    rss,
    peakRss,
    requests: api.requests,
    errors,
  }),
);
end.abort();
await Promise.all([running, watching]);

/** Resolves, to when it was, when the controller has had nothing to do for two seconds. */
async function atRest(): Promise<number> {
  let busyAt = performance.now();
  for (let last = performance.eventLoopUtilization(); performance.now() - Math.max(busyAt, api.lastAt) < 2_000;) {
    await sleep(250);
    const now = performance.eventLoopUtilization();
    if (performance.eventLoopUtilization(now, last).utilization > 0.1) busyAt = performance.now();
    last = now;
  }
  return Math.max(busyAt, api.lastAt);
}
