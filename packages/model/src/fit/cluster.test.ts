import { expect, test } from "vitest";
import { Random } from "../../../../bench/random.ts";
import { sceneOf } from "../../../../tests/fit/scene.ts";
import { nodeOf, type NodeView } from "../node.ts";
import { podOf, type PodView } from "../pod.ts";
import { Cluster, type ClusterFacts } from "./cluster.ts";

/** A scene's cluster, and what may happen to it. */
function play(seed: number) {
  const random = new Random(seed);
  const scene = sceneOf(random, "s");
  const facts: ClusterFacts = { namespaceLabels: (name) => scene.namespaces.find((one) => one.name === name)?.labels ?? {} };
  const nodes = scene.nodes.map((node) => nodeOf(node));
  const named = (pod: (typeof scene.asked)[number]): PodView =>
    podOf({ ...pod, metadata: { ...pod.metadata, uid: pod.metadata?.name ?? "" } });
  const there = scene.pods.map(({ pod, ends }) => ({ ...named(pod), endsAt: ends ? 1 : undefined }));
  const asked = scene.asked.map(named);
  const cluster = new Cluster(facts);
  for (const pod of there) cluster.setPod(pod);
  for (const node of nodes) cluster.setNode(node);

  const node = (): NodeView => random.of(nodes);
  const pod = (): PodView => random.of([...there, ...asked]);
  const changes: (() => void)[] = [
    () => cluster.place(pod()),
    () => cluster.place(pod()),
    () => cluster.deletePod(pod().uid),
    () => cluster.setPod({ ...pod(), node: node().name }),
    () => cluster.setPod({ ...pod(), node: node().name, endsAt: 1 }),
    () => cluster.setPod({ ...pod(), node: node().name, phase: "Succeeded" }),
    () => cluster.setNode({ ...node(), isUnschedulable: random.chance(0.5) }),
    () => cluster.setNode({ ...node(), taints: node().taints }),
    () => cluster.setNode({ ...node(), taints: [{ key: "team", value: "c", effect: "NoSchedule" }] }),
    () => cluster.setNode({ ...node(), labels: { ...node().labels, disk: random.of(["ssd", "hdd"]) } }),
    () => cluster.setNode({ ...node(), allocatable: node().allocatable }),
    () => cluster.deleteNode(node().name),
    () => void cluster.fits(pod(), node().name),
  ];
  const change = (): void => {
    for (let count = 0; count < 30; count++) random.of(changes)();
  };
  /** What fits where, and why not: in this cluster, or in one that is made anew of all that is in it. */
  const answers = (of: Cluster = cluster): unknown =>
    asked.map((pod) => [...nodes.map(({ name }) => of.fits(pod, name)), of.rehearse(() => of.place(pod))]);
  const anew = (): Cluster => {
    const made = new Cluster(facts);
    for (const view of cluster.nodes()) made.setNode(view);
    for (const { uid } of [...there, ...asked]) {
      const view = cluster.pod(uid);
      if (view !== undefined) made.setPod(view);
    }
    return made;
  };
  return { cluster, change, answers, anew };
}

const seeds = Array.from({ length: 100 }, (_, index) => index + 1);

test.each(seeds)("whatever came and went before, the answers are those of a cluster made anew (seed %i)", (seed) => {
  const { change, answers, anew } = play(seed);
  for (let round = 0; round < 4; round++) {
    change();
    expect(answers()).toEqual(answers(anew()));
  }
});

test.each(seeds)("what was rehearsed leaves no trace, also within a rehearsal (seed %i)", (seed) => {
  const { cluster, change, answers } = play(seed);
  change();
  const before = answers();
  cluster.rehearse(() => {
    change();
    const within = answers();
    cluster.rehearse(change);
    expect(answers()).toEqual(within);
  });
  expect(answers()).toEqual(before);
});

test("a spread that honors taints counts a node's domain only while the pod may go there", () => {
  const cluster = new Cluster();
  const labels = (name: string) => ({ zone: name });
  const made = (name: string, taints: { key: string; effect: string }[] = []): NodeView =>
    nodeOf({ metadata: { name, labels: labels(name) }, spec: { taints }, status: { allocatable: { pods: "10" } } });
  const spread = {
    topologyKey: "zone",
    maxSkew: 1,
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { app: "a" } },
    nodeTaintsPolicy: "Honor",
  };
  const pod = (name: string): PodView =>
    podOf({ metadata: { uid: name, labels: { app: "a" } }, spec: { containers: [], topologySpreadConstraints: [spread] } });
  for (const name of ["a", "b"]) cluster.setNode(made(name));
  cluster.setPod({ ...pod("1"), node: "a" });
  expect(cluster.fits(pod("2"), "a")).toEqual(["node(s) didn't match pod topology spread constraints"]);
  cluster.setNode(made("b", [{ key: "gone", effect: "NoSchedule" }]));
  expect(cluster.fits(pod("2"), "a")).toEqual([]);
  cluster.setNode(made("b"));
  expect(cluster.fits(pod("2"), "a")).toEqual(["node(s) didn't match pod topology spread constraints"]);
});

test("a pod that waits for a gate fits nowhere, and says so", () => {
  const cluster = new Cluster();
  cluster.setNode(nodeOf({ metadata: { name: "node" }, status: { allocatable: { pods: "1" } } }));
  const gated = { schedulingGates: [{ name: "quota" }], containers: [] };
  const pod = podOf({ metadata: { name: "a", uid: "a" }, spec: gated as object as { containers: [] } });
  expect(cluster.fits(pod, "node")).toEqual(["Scheduling is blocked due to non-empty scheduling gates"]);
  expect(cluster.place(pod)).toEqual({ node: undefined, why: "Scheduling is blocked due to non-empty scheduling gates." });
  expect(new Cluster().place(podOf({ metadata: { uid: "b" } })).why).toBe("no nodes available to schedule pods");
});

test("a rehearsal that fails is taken back, too", () => {
  const cluster = new Cluster();
  const fails = () =>
    cluster.rehearse(() => {
      cluster.setNode(nodeOf({ metadata: { name: "node" } }));
      throw new Error("enough");
    });
  expect(fails).toThrow("enough");
  expect(cluster.nodes()).toEqual([]);
});
