import { View } from "@plimsoll/kube";
import { FakeClock } from "@plimsoll/kube/testing";
import { UseMeter } from "@plimsoll/model/sizing";
import { expect, onTestFinished, test } from "vitest";
import type { RightSizingRuntime } from "../permissions.ts";
import { StepSampler } from "./step-sampler.ts";

const start = Date.parse("2026-11-28T12:00:00Z");

const podOf = (name: string, phase = "Running", namespace = "ns") => ({
  metadata: {
    namespace,
    name,
    uid: name,
    resourceVersion: "1",
    creationTimestamp: "2026-11-28T11:59:00Z",
    labels: { "plimsoll.dev/sizing": "auto" },
  },
  spec: { containers: ["step", "proxy"].map((container) => ({ name: container, resources: { limits: { memory: "100Mi" } } })) },
  status: { phase },
});

/** A sampler; `usage` gives what each pod uses by now, by its name. */
async function trial(usage: () => Record<string, unknown>, namespaces?: string[]) {
  const clock = new FakeClock(start);
  const end = new AbortController();
  const [asked, retried]: [unknown[], string[]] = [[], []];
  let view: View<never> | undefined;
  const client = () => ({
    list: async function* ({ namespace, labelSelector }: { namespace?: string; labelSelector?: string }) {
      asked.push([namespace, labelSelector]);
      const timestamp = new Date(clock.now()).toISOString();
      for (const [name, step] of Object.entries(usage()))
        yield {
          metadata: { namespace: "ns", name },
          timestamp,
          containers: [
            { name: "step", usage: step },
            { name: "proxy", usage: { cpu: "9", memory: "90Mi" } },
          ],
        };
    },
  });
  const runtime = {
    client,
    view: (_: string, wanted: object) => (view = new View<never>({ ...wanted, onError: console.error, clock } as never)),
    synced: () => view?.synced,
    namespaces,
    signal: end.signal,
    clock,
    retried: (what: string) => retried.push(what),
  };
  const meter = new UseMeter();
  void new StepSampler(runtime as unknown as RightSizingRuntime, meter).run();
  onTestFinished(() => end.abort());
  const sink = view?.sink();
  sink?.beginList();
  await sink?.endList();
  await clock.advance(0);
  const tell = async (object: object, type = "ADDED"): Promise<void> => {
    sink?.changed({ type, object } as never);
    await clock.advance(0);
  };
  return { clock, meter, asked, retried, tell };
}

test("while there are pods to be measured, one request in 15 s is for all of them; else there is none", async () => {
  const { clock, meter, asked, tell } = await trial(() => ({ a: { cpu: "100m", memory: "50Mi" }, stranger: { cpu: "1", memory: "1Gi" } }));
  await tell(podOf("waits", "Pending"));
  await clock.advance(300_000);
  expect(asked).toEqual([]);
  for (const name of ["a", "b", "c"]) await tell(podOf(name));
  await clock.advance(45_000);
  expect(asked).toEqual(Array.from({ length: 3 }, () => [undefined, "plimsoll.dev/sizing"]));
  expect(meter.of("a")).toEqual({ cpu: 100, memory: 50 * 2 ** 20 });
  expect([meter.of("b"), meter.of("stranger")]).toEqual([undefined, undefined]);
  for (const name of ["a", "b", "c"])
    await tell({ ...podOf(name, "Succeeded"), metadata: { ...podOf(name).metadata, resourceVersion: "2" } }, "MODIFIED");
  await clock.advance(60_000);
  const { length } = asked;
  await clock.advance(300_000);
  expect(asked).toHaveLength(length);
  // Who runs the step may look later.
  expect(meter.of("a")).toBeDefined();
});

test("where the installation works in some namespaces, only those are asked for that have such pods", async () => {
  const { clock, asked, tell } = await trial(() => ({}), ["ns", "other"]);
  await tell(podOf("a"));
  await clock.advance(15_000);
  expect(asked).toEqual([["ns", "plimsoll.dev/sizing"]]);
});

test("what makes no sense isn't taken, and what fails is tried again", async () => {
  const answers: (() => Record<string, unknown>)[] = [
    () => {
      throw new Error("away");
    },
    () => ({ a: { cpu: "lots", memory: "50Mi" } }),
    () => ({ a: { cpu: "100m", memory: "200Mi" } }),
    () => ({ a: { cpu: "100m", memory: "20Mi" } }),
  ];
  const { clock, meter, retried, tell } = await trial(() => answers.shift()?.() ?? {});
  await tell(podOf("a"));
  await clock.advance(45_000);
  expect(meter.of("a")).toBeUndefined();
  expect(retried).toEqual(["to ask what the pods of steps use"]);
  await clock.advance(15_000);
  expect(meter.of("a")).toEqual({ cpu: 100, memory: 20 * 2 ** 20 });
});
