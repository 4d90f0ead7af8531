import type { PipelineSpec, SizedTry, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import type { Given } from "../sizing/given.ts";
import type { TryState } from "../step/kind.ts";
import { viewPod } from "../step/pod/view.ts";
import { DrivenRun } from "../testing/driven-run.ts";
import { failed, succeeded } from "../testing/tries.ts";

const mebi = 1024 ** 2;
const auto = { min: { cpu: "50m", memory: "16Mi" }, max: { cpu: "2", memory: "512Mi" } };
const sized = (name: string, more: Partial<Step> = {}): Step => ({ name, image: "busybox", command: ["x"], resources: { auto }, ...more });
const pipeline = (...steps: Step[]): PipelineSpec => ({ steps });
const killed: TryState = {
  phase: "failed",
  failure: { reason: "OOM", message: "out of memory (OOMKilled): raise resources.limits.memory" },
};

/** The first eight digits of it are the pod's own. */
const uidOf = (name: string): string => name.replace("run--", "").replaceAll("--", "").padEnd(8, "-");

/** A run under whose controller the pods of its steps used so much. */
class SizedRun extends DrivenRun {
  constructor(pipeline: PipelineSpec, tried?: ConstructorParameters<typeof DrivenRun>[3]) {
    super(pipeline, {}, undefined, tried);
  }

  resources(name: string): unknown {
    return this.creations.find(({ object }) => object.metadata?.name === name)?.object.spec?.containers[0]?.resources;
  }

  memory(name: string): string | undefined {
    return (this.resources(name) as { limits?: Record<string, string> } | undefined)?.limits?.["memory"];
  }

  /** What a pod was given, as the watch reads it. */
  given(name: string): Given | undefined {
    const pod = this.creations.find(({ object }) => object.metadata?.name === name)?.object;
    return pod && viewPod(pod)?.given;
  }

  /** The newest try of a step ends like that, having used so much memory and CPU. */
  end(step: string, state: TryState, use?: { memory: number; cpu: number }, item?: number): this {
    const { name } = this.podOf(step, item);
    const uid = uidOf(name);
    if (use !== undefined) this.uses.set(uid, use);
    const given = this.given(name);
    return this.pod(step, state, item, { uid, ...(given && { given }) });
  }
}

test("the first try gets the most, and the next one what was measured, with a little more", () => {
  const run = new SizedRun(pipeline(sized("a", { forEach: [1, 2], parallelism: 1 })));
  expect(run.resources("run--a--0--1")).toEqual({ requests: { cpu: "2", memory: "512Mi" }, limits: { memory: "512Mi" } });
  expect(run.given("run--a--0--1")).toEqual({ basis: "Nothing", memory: 512 * mebi, cpu: 2_000 });
  run.end("a", succeeded(), { memory: 100 * mebi, cpu: 400 }, 0);
  expect(run.given("run--a--1--1")).toEqual({ basis: "Measured", memory: 220 * mebi, cpu: 460 });
  expect(run.entry("a")?.sizing).toEqual([
    { item: 0, try: 1, pod: "a01-----", memory: "512Mi", cpu: "2", basis: "Nothing", peak: "100Mi", used: "400m" },
  ]);
});

test("of what is over before it is measured, half as much is tried, and CPU stays the most", () => {
  const run = new SizedRun(pipeline(sized("a", { forEach: [1, 2, 3], parallelism: 1 })));
  run.end("a", succeeded(), undefined, 0).end("a", succeeded(), undefined, 1);
  expect([0, 1, 2].map((item) => run.given(`run--a--${item}--1`))).toMatchObject([
    { basis: "Nothing", memory: 512 * mebi },
    { basis: "Limits", memory: 256 * mebi, cpu: 2_000 },
    { basis: "Limits", memory: 128 * mebi, cpu: 2_000 },
  ]);
});

test("a killed try gets twice as much at once, which doesn't count, until it had the most; then it fails as kills do", () => {
  const known: SizedTry = { try: 1, pod: "before", memory: "64Mi", basis: "Nothing", peak: "100Mi", used: "1" };
  const run = new SizedRun(pipeline(sized("a")), { a: [known] });
  expect(run.given("run--a--1")).toMatchObject({ basis: "Measured", memory: 220 * mebi });
  run.end("a", killed);
  expect(run.created).toEqual(["run--a--1", "run--a--2"]);
  expect(run.entry("a")).toMatchObject({
    retries: [{ tries: 1, failures: 0, memory: "440Mi" }],
    tries: [{ reason: "OOM", message: "out of memory (OOMKilled) with 220Mi: it gets 440Mi at least" }],
    sizing: [{ try: 1, memory: "220Mi", killed: true }],
  });
  run.restart([run.podOf("a")]);
  run.end("a", killed);
  expect(run.memory("run--a--3")).toBe("512Mi");
  expect(run.given("run--a--3")).toMatchObject({ basis: "Killed" });
  run.end("a", killed);
  expect(run.created).toHaveLength(3);
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    message: "out of memory (OOMKilled) with 512Mi, all that resources.auto.max.memory allows: raise it",
  });
});

test("with the most, a kill counts against the limit, and so do all other failures", () => {
  const retry = { limit: 1, backoff: { initial: "10s" } };
  const run = new SizedRun(pipeline(sized("a", { retry })));
  run.end("a", killed).until(10);
  expect(run.created).toHaveLength(2);
  expect(run.memory("run--a--2")).toBe("512Mi");
  expect(run.end("a", failed(3)).status.phase).toBe("Failed");
});

test("a limit that others hold down doesn't have a step tried for ever", () => {
  const run = new SizedRun(pipeline(sized("a")));
  for (let tries = 0; tries < 20 && run.status.phase !== "Failed"; tries += 1)
    run.pod("a", killed, undefined, { uid: uidOf(`a${tries}`), given: { memory: 32 * mebi, basis: "Limits" } });
  expect(run.status.phase).toBe("Failed");
  expect(run.created.length).toBeLessThan(10);
});

test("classes are counted apart, sizes are handed on, and a key that gives neither is a mistake", () => {
  const forEach = ["s", "l", "s"];
  const run = new SizedRun(pipeline(sized("a", { forEach, parallelism: 1, resources: { auto: { ...auto, key: "item" } } })));
  run.end("a", succeeded(), { memory: 20 * mebi, cpu: 100 }, 0);
  expect(run.given("run--a--1--1")).toMatchObject({ basis: "Nothing", class: "l", memory: 512 * mebi });
  run.end("a", succeeded(), { memory: 300 * mebi, cpu: 100 }, 1);
  expect(run.given("run--a--2--1")).toMatchObject({ basis: "Measured", class: "s", memory: 44 * mebi });

  const numbers = new SizedRun(pipeline(sized("a", { forEach: [{ rows: 7 }], resources: { auto: { ...auto, key: "item.rows" } } })));
  expect(numbers.given("run--a--0--1")).toMatchObject({ size: 7, basis: "Nothing" });

  const wrong = new SizedRun(pipeline(sized("a", { forEach: [1, "x", [2]], resources: { auto: { ...auto, key: "item" } } })));
  expect(wrong.created).toEqual([]);
  expect(wrong.entry("a")?.message).toBe("resources.auto.key: `item` gives [2], neither a number nor a text");
});

test("later steps of other names know nothing of it, devices stand beside, and CPU stays as it is said where auto doesn't say it", () => {
  const resources = { auto: { max: { memory: "64Mi" } }, requests: { cpu: "100m" }, limits: { "nvidia.com/gpu": 1 } };
  const run = new SizedRun(pipeline(sized("a", { resources }), sized("b", { needs: ["a"] })));
  expect(run.resources("run--a--1")).toEqual({
    requests: { cpu: "100m", memory: "64Mi" },
    limits: { memory: "64Mi", "nvidia.com/gpu": "1" },
  });
  run.end("a", succeeded(), { memory: 20 * mebi, cpu: 100 });
  expect(run.given("run--b--1")).toMatchObject({ basis: "Nothing" });
  expect(run.status.steps?.["a"]?.sizing).toMatchObject([{ peak: "20Mi" }]);
});

test("what the run's own status tells counts after a restart, and no try counts twice", () => {
  const run = new SizedRun(pipeline(sized("a", { forEach: [1, 2], parallelism: 1 })));
  run.end("a", succeeded(), { memory: 100 * mebi, cpu: 400 }, 0);
  const ended = { ...run.podOf("a", 0, succeeded()), uid: uidOf("run--a--0--1"), given: { memory: 512 * mebi, basis: "Nothing" as const } };
  run.restart([ended, run.podOf("a", 1)]);
  expect(run.engine.tries.of("a", undefined)).toEqual([{ limit: 512 * mebi, memory: 100 * mebi, cpu: 400, wasKilled: false }]);
});
