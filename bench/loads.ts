import type { PipelineRun, PipelineSpec, Step } from "@plimsoll/api";
import { Random } from "./random.ts";

/** What a benchmark puts on the cluster: runs, and how many steps they have together. */
export interface Load {
  namespace: string;
  /** What each of the runs runs. */
  pipeline: PipelineSpec;
  runs: PipelineRun[];
  /** Steps of all runs, or items of the one step. */
  steps: number;
  per: "a step" | "an item";
}

const tolerations = [{ key: "kwok.x-k8s.io/node", operator: "Exists" as const, effect: "NoSchedule" as const }];

function runs(namespace: string, names: string[], steps: Step[]): Pick<Load, "namespace" | "pipeline" | "runs"> {
  const pipeline: PipelineSpec = { pod: { nodeSelector: { type: "kwok" }, tolerations }, steps };
  return {
    namespace,
    pipeline,
    runs: names.map((name) => ({
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "PipelineRun",
      metadata: { name, namespace },
      spec: { pipeline },
    })),
  };
}

function step(name: string, needs: string[]): Step {
  return { name, needs, image: "busybox", command: ["true"], resources: { requests: { cpu: "100m", memory: "64Mi" } } };
}

/** Many runs of five steps, one after the other. */
export function chains(namespace: string, count: number): Load {
  const names = ["a", "b", "c", "d", "e"];
  const steps = names.map((name, index) => step(name, names.slice(Math.max(0, index - 1), index)));
  return {
    ...runs(
      namespace,
      Array.from({ length: count }, (_, index) => `chain-${index}`),
      steps,
    ),
    steps: count * 5,
    per: "a step",
  };
}

/** One run with a script for each of many items. */
export function fanOut(namespace: string, items: number): Load {
  const fan: Step = {
    name: "fan",
    image: "busybox",
    forEach: Array.from({ length: items }, (_, index) => index),
    script: "echo ${{ item }}",
    resources: { requests: { cpu: "100m", memory: "64Mi" } },
  };
  return {
    ...runs(namespace, ["fan-out"], [fan]),
    steps: items,
    per: "an item",
  };
}

/** One run of distinct steps in layers: each step needs one to three steps of the layer before. */
export function layered(namespace: string, count: number, depth: number): Load {
  const random = new Random(15);
  const layers = Array.from({ length: depth }, (_, layer) => ({
    first: Math.round((layer * count) / depth),
    end: Math.round(((layer + 1) * count) / depth),
  }));
  const steps = layers.flatMap(({ first, end }, layer) =>
    Array.from({ length: end - first }, (_, index) => {
      const before = layers[layer - 1];
      const needs = new Set<string>();
      if (before) for (let n = 1 + random.below(3); n > 0; n -= 1) needs.add(`s${before.first + random.below(before.end - before.first)}`);
      return step(`s${first + index}`, [...needs]);
    }),
  );
  return {
    ...runs(namespace, ["layered"], steps),
    steps: count,
    per: "a step",
  };
}
