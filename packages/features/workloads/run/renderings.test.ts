import type { WorkloadSet } from "@plimsoll/api";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { initialKinds } from "../config.ts";
import { Renderings } from "./renderings.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const setOf = (value: string, generation = 1): WorkloadSet => ({
  apiVersion: "plimsoll.dev/v1alpha1",
  kind: "WorkloadSet",
  metadata: { namespace: "ns", name: "s", uid: "u", generation },
  spec: { manifests: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { value } }] },
});

test("objects that are no longer there are worked out again, and those of a set that has changed meanwhile aren't taken for its own", async () => {
  const first = setOf("1");
  let seen: WorkloadSet | undefined = first;
  const renderings = new Renderings({ language: () => undefined, kinds: initialKinds, source: () => undefined, seen: () => seen });
  const { rendered } = renderings.of(first);
  if ("problems" in rendered) throw new Error("the set is refused");
  expect(renderings.of(first)).toEqual({ rendered, isNew: false });
  const [desired] = rendered.desired;
  for (let round = 0; round < 3; round += 1) {
    expect(desired?.object).toMatchObject({ data: { value: "1" } });
    await setImmediate();
    collect();
  }
  for (const other of [setOf("2", 2), undefined]) {
    seen = other;
    await setImmediate();
    collect();
    expect(() => desired?.object).toThrow("workload set ns/s has changed meanwhile");
  }
});
