import { expect, vi } from "vitest";
import { idlePod } from "../support/cluster.ts";
import { writeUsage } from "../support/usage.ts";
import type { Scenario, Stage } from "./scenario.ts";

const watched = [
  "nodes",
  "pods",
  "replicasets.apps",
  "jobs.batch",
  "pipelineruns.plimsoll.dev",
  "persistentvolumeclaims",
  "persistentvolumes",
  "poddisruptionbudgets.policy",
  "horizontalpodautoscalers.autoscaling",
];

function says({ metrics, seconds }: Stage, line: string): Promise<void> {
  return vi.waitFor(async () => expect((await metrics()).split("\n")).toContain(line), { timeout: seconds * 1000, interval: 200 });
}

/** A pod that no node takes is counted before and after the caches are filled. */
async function counts(stage: Stage): Promise<void> {
  const { client, namespace, begin, expecting } = stage;
  const line = (count: number): string => `plimsoll_inventory_namespace_pods{in_namespace="${namespace}"} ${count}`;
  await client("pods").create(idlePod(namespace, "one"));
  await expecting("the caches are filled", begin());
  await expecting("the pod that was there is counted", says(stage, line(1)));
  await client("pods").create(idlePod(namespace, "two"));
  await expecting("the pod that came is counted", says(stage, line(2)));
}

/** All that the inventory needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "counted",
    shows: "what there is is counted, and what comes to it",
    proves: watched.map((resource) => `watch ${resource}`),
    play: counts,
  },
  {
    name: "counted-older",
    shows: "where the API server streams no first lists, everything is listed instead",
    proves: watched.map((resource) => `list ${resource}`),
    isOlder: true,
    play: counts,
  },
  {
    // No other with pods has so short a name: which request is the example depends on it.
    name: "used",
    shows: "what nodes and pods use is told where metrics.k8s.io answers",
    proves: ["list nodes.metrics.k8s.io", "list pods.metrics.k8s.io"],
    async play(stage) {
      const { client, kubeconfig, namespace, begin, expecting } = stage;
      await client("pods").create(idlePod(namespace, "busy"));
      await writeUsage(kubeconfig, { node: "kwok-0", namespace, pod: "busy" });
      await expecting("the caches are filled", begin({ usageInterval: "1s" }));
      await expecting(
        "the pod's use is told",
        says(stage, `plimsoll_inventory_namespace_used{in_namespace="${namespace}",resource="cpu"} 0.25`),
      );
      await expecting("the node's use is told", says(stage, 'plimsoll_inventory_node_used{node="kwok-0",resource="cpu"} 1.5'));
    },
  },
];
