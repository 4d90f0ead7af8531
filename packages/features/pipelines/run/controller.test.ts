import type { PipelineRun, RunStatus } from "@plimsoll/api";
import { ApiError, View, WorkQueue, type Occurrence } from "@plimsoll/kube";
import { FakeClock } from "@plimsoll/kube/testing";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { Registry } from "prom-client";
import { expect, onTestFinished, test, vi } from "vitest";
import type { PipelinesRuntime } from "../permissions.ts";
import { PipelinesController } from "./controller.ts";

const runOf = (resourceVersion: string, status?: RunStatus): PipelineRun & { metadata: Required<PipelineRun["metadata"]> } =>
  ({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { namespace: "ns", name: "run", uid: "uid", resourceVersion, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: {
      pipeline: {
        steps: [
          { name: "a", image: "x", command: ["a"] },
          { name: "b", image: "x", command: ["b"], needs: ["a"] },
        ],
      },
    },
    ...(status && { status }),
  }) as never;

/** What the API server answers. */
interface Answers {
  /** The newest version that it has. */
  version: string;
  run: PipelineRun;
  /** Why it takes no pods. */
  refusal: ApiError;
  patch: () => Promise<unknown>;
}

/** A controller that leads, and whose views hold nothing until a test tells them. */
async function trial(answers: Partial<Answers> = {}, config = { podQPS: 100, podBurst: 100 }) {
  const clock = new FakeClock();
  const end = new AbortController();
  const sinks = new Map<string, ReturnType<View<never>["sink"]>>();
  const views: View<never>[] = [];
  const queues: WorkQueue[] = [];
  const created: string[] = [];
  const events: Occurrence[] = [];
  const { spec } = runOf("1");
  const found: Record<string, object | undefined> = {
    "pipelineruns.plimsoll.dev": answers.run,
    "pipelines.plimsoll.dev": { spec: spec.pipeline },
  };
  const client = (resource: string) => ({
    pages: async function* () {
      yield { items: [], resourceVersion: answers.version ?? "1" };
    },
    get: async () => {
      if (found[resource] === undefined) throw new ApiError("GET", 404, {});
      return found[resource];
    },
    create: async (pod: Pod) => {
      if (answers.refusal !== undefined) throw answers.refusal;
      created.push(pod.metadata?.name ?? "");
      return { ...pod, metadata: { ...pod.metadata, uid: "pod", resourceVersion: "9" } };
    },
    patch: () => answers.patch?.() ?? Promise.resolve({}),
  });
  const runtime = {
    client,
    view: (resource: string, wanted: object) => {
      const view = new View<never>({ ...wanted, onError: console.error, clock } as never);
      sinks.set(resource, view.sink());
      views.push(view);
      return view;
    },
    synced: () => Promise.all(views.map(({ synced }) => synced)),
    queue: () => {
      const queue = new WorkQueue({ clock });
      queues.push(queue);
      return queue;
    },
    elected: Promise.resolve(),
    signal: end.signal,
    clock,
    metrics: new Registry(),
    events: { record: (occurrence: Occurrence) => events.push(occurrence) },
    log: { warn: () => {} },
    retried: () => {},
    onRetryAfter: () => {},
    onConfig: () => {},
  };
  const controller = new PipelinesController(runtime as unknown as PipelinesRuntime, config);
  const running = controller.run();
  onTestFinished(() => end.abort());
  for (const sink of sinks.values()) {
    sink.beginList();
    await sink.endList();
  }
  await clock.advance(0);
  /** The watch tells a run. */
  const tell = async (run: PipelineRun): Promise<void> => {
    sinks.get("pipelineruns.plimsoll.dev")?.changed({ type: "ADDED", object: run as never });
    await clock.advance(1);
  };
  return { clock, tell, running, end, created, events, queues };
}

test("a run that the watch shows as it was before the last leader worked on it is read, so that nothing is done twice", async () => {
  const done = { startedAt: "2026-01-01T00:00:01Z", phase: "Running", updatedAt: "2026-01-01T00:00:02Z" } as const;
  const steps = { a: { phase: "Succeeded", startedAt: "2026-01-01T00:00:01Z", finishedAt: "2026-01-01T00:00:02Z" } } as const;
  const { tell, created } = await trial({ version: "20", run: runOf("12", { ...done, steps }) });
  await tell(runOf("10"));
  await vi.waitFor(() => expect(created).toEqual(["run--b--1"]));
});

test("a run that came later is begun as it came", async () => {
  const { tell, created } = await trial({ version: "20" });
  await tell(runOf("21"));
  expect(created).toEqual(["run--a--1"]);
});

test("at the end, statuses that can't be written are not waited for longer than some seconds", async () => {
  const { tell, running, end, clock } = await trial({ patch: () => new Promise(() => {}) });
  await tell(runOf("2"));
  end.abort();
  let hasEnded = false;
  void running.then(() => (hasEnded = true));
  await clock.advance(10_000 + 5_000);
  expect(hasEnded).toBe(true);
});

test("a run whose begin is tried again is announced once, when it has started", async () => {
  let failures = 3;
  const patch = (): Promise<unknown> => (failures-- > 0 ? Promise.reject(new ApiError("PATCH", 403, {})) : Promise.resolve({}));
  const { tell, clock, events } = await trial({ patch });
  const run = runOf("2");
  await tell({ ...run, spec: { pipelineRef: { name: "p" } } } as PipelineRun);
  await clock.advance(1_000);
  expect(events.map(({ reason }) => reason)).toEqual(["Started"]);
});

test("what happens to one step is another event than what happens to the next", async () => {
  const { tell, events } = await trial({ refusal: new ApiError("POST", 403, { message: "exceeded quota" }) });
  const steps = ["a", "b"].map((name) => ({ name, image: "x", command: ["x"] }));
  await tell({ ...runOf("2"), spec: { pipeline: { steps } } });
  expect(events.map(({ reason, regarding: { fieldPath } }) => [reason, fieldPath])).toEqual([
    ["Started", undefined],
    ["FailedCreate", "status.steps{a}"],
    ["FailedCreate", "status.steps{b}"],
  ]);
});

test("a queue whose runs wait for their turn to create pods is not stalled", async () => {
  const { tell, clock, queues, created } = await trial({}, { podQPS: 1, podBurst: 1 });
  const steps = Array.from({ length: 64 }, (_, index) => ({ name: `s${index}`, image: "x", command: ["x"] }));
  for (let index = 0; index <= 100; index += 1) {
    const { metadata, ...run } = runOf("2");
    await tell({ ...run, metadata: { ...metadata, name: `run-${index}`, uid: `uid-${index}` }, spec: { pipeline: { steps } } });
  }
  await clock.advance(900_000);
  expect(created.length).toBeGreaterThan(800);
  expect(queues.map(({ length }) => length)).toContain(1);
  expect(Math.max(...queues.map(({ stalled }) => stalled))).toBeLessThan(2_000);
});
