import { podOf, type ControllerView, type PodView } from "@plimsoll/model";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Homes } from "./homes.ts";
import { Stock } from "./stock.ts";

const pod = (
  name: string,
  owner?: { kind: string; name: string },
  more: { cpu?: string; nodeName?: string; phase?: string } = {},
): PodView =>
  podOf({
    metadata: {
      namespace: "ns",
      name,
      uid: name,
      ...(owner && { ownerReferences: [{ apiVersion: "v1", ...owner, uid: owner.name, controller: true }] }),
    },
    spec: {
      nodeName: more.nodeName ?? "a",
      containers: [{ name: "c", resources: { requests: { cpu: more.cpu ?? "1" } } }],
    },
    status: { phase: more.phase ?? "Running" },
  });
const set: ControllerView = {
  kind: "ReplicaSet",
  namespace: "ns",
  name: "web-1",
  uid: "web-1",
  owner: { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "web" },
};
const ofSet = { kind: "ReplicaSet", name: "web-1" };

/** The stock of a cluster, whose owners come and go, and what it says. */
function begun() {
  const known = new Map<string, ControllerView>();
  const stock = new Stock(new Homes((owner) => known.get(owner.uid)));
  return {
    stock,
    come: (controller: ControllerView) => {
      known.set(controller.uid, controller);
      stock.homes.came(controller);
    },
    go: (controller: ControllerView) => known.delete(controller.uid),
    kinds: () => Object.fromEntries(Array.from(stock.homes.values(), ({ kind, tally }) => [kind, tally.requested["cpu"]])),
  };
}

test("an owner that comes after its pods takes them with it, and they leave from there, also when it has gone before them", () => {
  const { stock, come, go, kinds } = begun();
  const [one, two] = [pod("one", ofSet), pod("two", ofSet)];
  stock.observe({ type: "add", object: one });
  expect(kinds()).toEqual({ ReplicaSet: 1000 });
  come(set);
  expect(kinds()).toEqual({ Deployment: 1000 });
  stock.observe({ type: "add", object: two });
  go(set);
  expect(kinds()).toEqual({ Deployment: 2000 });
  stock.observe({ type: "delete", old: one, object: one });
  stock.observe({ type: "delete", old: two, object: two });
  expect(kinds()).toEqual({});
});

test("a run's pods are its pipeline's, also of one that holds its own", () => {
  const { stock, come } = begun();
  come({ kind: "PipelineRun", namespace: "ns", name: "named", uid: "named", owner: undefined, pipeline: "digits" });
  come({ kind: "PipelineRun", namespace: "ns", name: "own", uid: "own", owner: undefined, pipeline: "" });
  for (const name of ["named", "own"]) stock.observe({ type: "add", object: pod(`of-${name}`, { kind: "PipelineRun", name }) });
  expect(Array.from(stock.homes.values(), ({ pipeline }) => pipeline?.name)).toEqual(["digits", ""]);
});

test("whatever happens to pods and their owners, in whatever order, the sums are those of the pods that are left", () => {
  const step = fc.oneof(
    fc.record({
      what: fc.constantFrom("put" as const, "delete" as const),
      name: fc.constantFrom("one", "two", "three"),
      cpu: fc.constantFrom("1", "2"),
      nodeName: fc.constantFrom("a", "b", ""),
      phase: fc.constantFrom("Running", "Succeeded"),
      isOwned: fc.boolean(),
    }),
    fc.record({ what: fc.constantFrom("come" as const, "go" as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { stock, come, go } = begun();
      const pods = new Map<string, PodView>();
      for (const step of steps) {
        if (!("name" in step)) (step.what === "come" ? come : go)(set);
        else {
          const { what, name, isOwned, ...more } = step;
          const old = pods.get(name);
          // A pod never changes hands.
          const object = what === "put" ? pod(name, (old ? old.owner : isOwned) ? ofSet : undefined, more) : old;
          if (object === undefined) continue;
          if (what === "delete") pods.delete(name);
          else pods.set(name, object);
          stock.observe(
            what === "delete" ? { type: "delete", old: object, object } : old ? { type: "update", old, object } : { type: "add", object },
          );
        }
      }
      const left = [...pods.values()].filter(({ phase }) => phase === "Running");
      const cpu = left.reduce((all, { requests }) => all + (requests["cpu"] ?? 0), 0);
      expect(stock.all).toMatchObject({ pods: left.length, pending: left.filter(({ node }) => node === undefined).length });
      const homes = [...stock.homes.values()].map(({ tally }) => tally);
      for (const tallies of [[stock.all], homes, [...stock.byNamespace.values()]])
        expect(tallies.reduce((all, { requested }) => all + (requested["cpu"] ?? 0), 0)).toBe(cpu);
      expect([...stock.byNode].map(([node, { pods }]) => [node, pods]).sort()).toEqual(
        [
          ...Map.groupBy(
            left.filter(({ node }) => node !== undefined),
            ({ node }) => node,
          ),
        ]
          .map(([node, of]) => [node, of.length])
          .sort(),
      );
    }),
  );
});
