// A controller that begins anew with many runs under way. Arguments: RUNS STEPS equal|distinct. It prints what that took as JSON.
import { PipelinesController, type PipelinesOptions } from "@plimsoll/features/pipelines";
import { FairLimiter, systemClock } from "@plimsoll/kube";
import { usageOf } from "../process.ts";
import { fakeClient, type Stored } from "./fake-api.ts";

const [runs, steps] = process.argv.slice(2, 4).map(Number) as [number, number];
const isDistinct = process.argv[4] === "distinct";
const at = "2026-01-01T00:00:00Z";
const half = steps / 2;
const uidOf = (run: number): string => `00000000-0000-0000-0000-${String(run).padStart(12, "0")}`;
const all = Promise.withResolvers<void>();
let left = runs;

/** A run of which half the steps have succeeded, and ten run. */
function runAt(run: number): Stored {
  const own = isDistinct ? ` run ${run}` : "";
  const all = Array.from({ length: steps }, (_, step) => ({
    name: `step-${step}`,
    image: "registry.example.com/team/image:1.2.3",
    needs: step < 10 ? [] : [`step-${step - 10}`],
    script: `python3 train.py --rate \${{ params.rate }} --shard ${step}${own}\necho done\n${"# a script of some lines, as they are\n".repeat(8)}`,
  }));
  const entries = all
    .slice(0, half + 10)
    .map(({ name }, step) => [
      name,
      step < half ? { phase: "Succeeded", startedAt: at, finishedAt: at } : { phase: "Running", startedAt: at },
    ]);
  return {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: `run-${run}`, namespace: "ns", uid: uidOf(run), resourceVersion: "1", generation: 1 },
    spec: { pipeline: { params: [{ name: "rate", type: "number", default: 0.1 }], steps: all } },
    status: { startedAt: at, phase: "Running", updatedAt: at, steps: Object.fromEntries(entries) },
  };
}

function podAt(index: number): Stored {
  const [run, step] = [Math.floor(index / 10), half + (index % 10)];
  const labels = {
    "plimsoll.dev/run": `run-${run}`,
    "plimsoll.dev/run-uid": uidOf(run),
    "plimsoll.dev/step": `step-${step}`,
    "plimsoll.dev/try": "1",
  };
  const ownerReferences = [
    { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name: `run-${run}`, uid: uidOf(run), controller: true },
  ];
  return {
    metadata: {
      name: `run-${run}--step-${step}--1`,
      namespace: "ns",
      uid: `p${index}`,
      resourceVersion: "1",
      creationTimestamp: at,
      labels,
      ownerReferences,
    },
    spec: { nodeName: "n", containers: [{ name: "step" }] },
    status: { phase: "Running", containerStatuses: [{ name: "step", state: { running: {} } }] },
  };
}

const paged = (count: number, size: number, make: (index: number) => Stored) => (page: number) =>
  page * size >= count ? undefined : Array.from({ length: Math.min(size, count - page * size) }, (_, index) => make(page * size + index));

const api = fakeClient({ "pipelineruns.plimsoll.dev": paged(runs, 50, runAt), pods: paged(runs * 10, 500, podAt) });
const client = ((resource: string) => {
  const methods = api(resource);
  if (resource !== "pipelineruns.plimsoll.dev") return methods;
  return {
    ...methods,
    async get({ name }: { name: string }) {
      left -= 1;
      if (left === 0) all.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      return runAt(Number(name.slice(4)));
    },
  };
}) as unknown as PipelinesOptions["client"];

const controller = new PipelinesController({
  client,
  clock: systemClock,
  limiter: new FairLimiter({ qps: 100, burst: 200 }),
  namespace: undefined,
  onError: (what, error) => console.error(what, error),
});
let [longest, last] = [0, performance.now()];
const timer = setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
}, 1);
const end = new AbortController();
const started = performance.now();
const running = controller.run(end.signal);
await controller.synced();
await all.promise;
await new Promise((resolve) => setTimeout(resolve, 1_000));
const wall = (performance.now() - started) / 1000 - 1;
clearInterval(timer);
const { rss, peakRss } = usageOf(process.pid);
console.log(JSON.stringify({ longest, wall, rss, peakRss }));
end.abort();
await running;
process.exit();
