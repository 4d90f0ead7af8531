import { systemClock, View, type Clock } from "@plimsoll/kube";
import { FakeClock } from "@plimsoll/kube/testing";
import { replicaSetView } from "@plimsoll/model";
import { Assignment, keyOf, ownersIn } from "@plimsoll/model/sizing";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { resizablePods } from "../observe/pod.ts";
import { Claims } from "./claims.ts";
import { appliedPolicies } from "./policy.ts";
import type { Seen } from "./seen.ts";

const namespace = "a";
const among = <T>(...some: T[]) => fc.constantFrom(...some);
const app = among("x", "y", "z");
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ pod: among("p1", "p2", "p3", "p4"), app, of: among(undefined, "r1", "r2"), isOptedOut: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ podGone: among("p1", "p2", "p3", "p4") }) },
  { weight: 2, arbitrary: fc.record({ set: among("r1", "r2"), of: among(undefined, "d1", "d2") }) },
  { weight: 1, arbitrary: fc.record({ setGone: among("r1", "r2") }) },
  { weight: 2, arbitrary: fc.record({ policy: among("o", "q"), app: fc.option(app, { nil: undefined }), isValid: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ policyGone: among("o", "q") }) },
  { weight: 5, arbitrary: fc.record({ asks: among("o", "q") }) },
);

/** A cluster as its views show it, and claims that are told of it as the controller tells them. */
function cluster(clock: Clock = systemClock) {
  const views = {
    pods: new View({ ...resizablePods, onError: fail }),
    policies: new View({ ...appliedPolicies, onError: fail } as never) as unknown as Seen["policies"],
    sets: new View({ ...replicaSetView, onError: fail }),
  };
  const none = { get: () => undefined };
  const seen = { pods: views.pods, policies: views.policies, owner: ownersIn({ ReplicaSet: views.sets, Job: none, PipelineRun: none }) };
  const claims = new Claims(seen, clock);
  const concerned: (Set<string> | undefined)[] = [];
  views.pods.on(({ object }) => concerned.push(claims.changed(namespace, object.name)));
  views.sets.on(({ object }) => {
    for (const pod of views.pods.by("owner", object.uid)) concerned.push(claims.changed(namespace, pod.name));
  });
  const sinks = { pods: views.pods.sink(), policies: (views.policies as unknown as View<object>).sink(), sets: views.sets.sink() };
  let version = 0;
  const change = (kind: keyof typeof sinks, type: "MODIFIED" | "DELETED", name: string, more: object = {}, metadata: object = {}): void => {
    version += 1;
    const object = { metadata: { namespace, name, uid: name, resourceVersion: `${version}`, ...metadata }, ...more };
    sinks[kind].changed({ type, object: object as never });
  };
  const owned = (kind: string, of: string | undefined) =>
    of === undefined ? {} : { ownerReferences: [{ apiVersion: "apps/v1", kind, name: of, uid: of, controller: true }] };
  return { seen, claims, concerned, change, owned };
}

function fail(error: unknown): never {
  throw error;
}

/** What a policy has, as it would be found by assigning all anew. */
function assigned({ pods, policies, owner }: ReturnType<typeof cluster>["seen"], uid: string): string[] {
  const assignment = new Assignment([...policies.values()], owner);
  return [...pods.values()].flatMap((pod) => {
    const found = pod.shape.isOptedOut ? undefined : assignment.of(pod);
    return found?.policy.metadata.uid === uid ? [`${keyOf(found.workload, "")} ${pod.name}`] : [];
  });
}

test("what policies have is what assigning all pods anew would give them, however pods, owners and policies change; and who is concerned is told", async () => {
  const run = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80, size: "max" }), async (steps) => {
    const { seen, claims, concerned, change, owned } = cluster();
    const all = (): Map<string, string> => new Map(["o", "q"].map((uid) => [uid, assigned(seen, uid).toSorted().join()]));
    // Before the policies' own changes are taken in, all of the namespace are looked at anyway.
    let isCurrent = false;
    for (const one of steps) {
      const before = all();
      concerned.length = 0;
      if ("pod" in one) {
        const annotations = one.isOptedOut ? { "plimsoll.dev/right-sizing": "ignore" } : {};
        const spec = { containers: [{ name: "app" }] };
        change("pods", "MODIFIED", one.pod, { spec }, { labels: { app: one.app }, annotations, ...owned("ReplicaSet", one.of) });
      } else if ("podGone" in one) change("pods", "DELETED", one.podGone);
      else if ("set" in one) change("sets", "MODIFIED", one.set, {}, owned("Deployment", one.of));
      else if ("setGone" in one) change("sets", "DELETED", one.setGone);
      else if ("policy" in one) {
        const spec = { mode: "in-place", ...(one.app !== undefined && { selector: { matchLabels: { app: one.app } } }) };
        change("policies", "MODIFIED", one.policy, {
          spec,
          status: { conditions: [{ type: "Valid", status: one.isValid ? "True" : "False" }] },
        });
        isCurrent = false;
      } else if ("policyGone" in one) {
        change("policies", "DELETED", one.policyGone);
        isCurrent = false;
      } else {
        const policy = seen.policies.get(namespace, one.asks);
        if (policy === undefined) continue;
        const found = [...(await claims.of(policy))].flatMap(([key, pods]) => pods.map(({ name }) => `${key} ${name}`));
        expect(found.toSorted()).toEqual(assigned(seen, one.asks).toSorted());
        isCurrent = true;
      }
      const told = concerned.some((some) => some === undefined) ? undefined : new Set(concerned.flatMap((some) => [...(some ?? [])]));
      if (told !== undefined && isCurrent) for (const [uid, what] of all()) if (before.get(uid) !== what) expect(told).toContain(uid);
    }
  });
  await fc.assert(run, { numRuns: 500 });
});

test("a pod that changes while all are assigned for the first time is assigned as it is then", async () => {
  const labels = (app: string) => ({ labels: { app } });
  class Busy extends FakeClock {
    override monotonic(): number {
      this.spend(10);
      return super.monotonic();
    }
    override async turn(): Promise<void> {
      // One more is assigned with each turn.
      if (this.turns.push(0) === 3) change("pods", "MODIFIED", "p1", {}, labels("x"));
    }
  }
  const { seen, claims, change } = cluster(new Busy());
  for (const pod of ["p1", "p2", "p3", "p4"]) change("pods", "MODIFIED", pod, {}, labels("y"));
  change("policies", "MODIFIED", "o", { spec: { mode: "in-place", selector: { matchLabels: { app: "y" } } } });
  const policy = seen.policies.get(namespace, "o");
  const found = policy && [...(await claims.of(policy)).values()].flat().map(({ name }) => name);
  expect(found).toEqual(["p2", "p3", "p4"]);
});
