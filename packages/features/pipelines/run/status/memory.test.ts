import type { Pipeline } from "@plimsoll/api";
import { ApiError, ConnectionError, type Stored } from "@plimsoll/kube";
import { expect, test } from "vitest";
import type { Client } from "../../permissions.ts";
import { PipelineMemory } from "./memory.ts";

const conflict = new ApiError("PATCH", 409, { reason: "Conflict" });
const missing = new ApiError("PATCH", 404, { reason: "NotFound", details: { name: "p" } });

/** The Pipeline `p` as the API server has it, and what it answers to each write: undefined where it takes it. */
function server(answers: (Error | undefined)[], uid = "uid") {
  const pipeline = (version: string, status?: Pipeline["status"], as = "uid"): Stored<Pipeline> =>
    ({
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "Pipeline",
      metadata: { namespace: "ns", name: "p", uid: as, resourceVersion: version },
      spec: { steps: [{ name: "a", image: "x", resources: { auto: { max: { memory: "1Gi" } } } }] },
      ...(status && { status }),
    }) as Stored<Pipeline>;
  const others = { sizing: { a: [{ updatedAt: "2026-01-01T00:00:00Z", tries: [{ pod: "other", memory: "64Mi" }] }] } };
  const patches: { metadata: object; status: NonNullable<Pipeline["status"]> }[] = [];
  const client = () => ({
    get: async () => pipeline("2", others, uid),
    patch: async (_: object, patch: (typeof patches)[number]) => {
      patches.push(patch);
      const answer = answers.shift();
      if (answer !== undefined) throw answer;
      return {};
    },
  });
  const memory = new PipelineMemory(pipeline("1"));
  memory.tries.learn("a", { try: 1, pod: "own", memory: "32Mi", basis: "Nothing" });
  const podsOf = (at: number): string[] | undefined => patches[at]?.status.sizing?.["a"]?.[0]?.tries.map(({ pod }) => pod);
  return { patches, podsOf, write: () => memory.write(client as unknown as Client, { now: () => 0 }) };
}

test("a Pipeline is written once, with the version that it was read with", async () => {
  const { patches, podsOf, write } = server([]);
  expect([await write(), await write()]).toEqual([undefined, undefined]);
  expect(patches).toMatchObject([{ metadata: { uid: "uid", resourceVersion: "1" } }]);
  expect(podsOf(0)).toEqual(["own"]);
});

test("where another run was faster, the run's own tries are added to those", async () => {
  const { patches, podsOf, write } = server([conflict]);
  expect(await write()).toBeUndefined();
  expect(patches[1]?.metadata).toEqual({ uid: "uid", resourceVersion: "2" });
  expect(podsOf(1)).toEqual(["other", "own"]);
});

test("what one run has learned, others of the same Pipeline hear, and write nothing for it", async () => {
  const of = (uid: string) => new PipelineMemory({ metadata: { name: "p", uid }, spec: { steps: [] } } as never);
  const [ended, same, another] = [of("uid"), of("uid"), of("another")];
  ended.tries.learn("a", { try: 1, pod: "own", memory: "32Mi", basis: "Nothing" });
  for (const memory of [ended, same, another]) memory.hear(ended);
  expect([same, another].map(({ tries }) => tries.of("a", undefined).length)).toEqual([1, 0]);
  expect(same.tries.hasOwn).toBe(false);
});

test("one that is gone, or another of its name, is left alone", async () => {
  const gone = server([missing]);
  expect(await gone.write()).toBeUndefined();
  const replaced = server([conflict], "another");
  expect(await replaced.write()).toBeUndefined();
  expect([gone.patches.length, replaced.patches.length]).toEqual([1, 1]);
});

test("what the API server refuses is told, and what may pass is tried again", async () => {
  const refused = server([new ApiError("PATCH", 403, { reason: "Forbidden", message: "no" })]);
  expect(await refused.write()).toContain("no");
  expect(await refused.write()).toBeUndefined();
  expect(refused.patches).toHaveLength(1);
  for (const error of [new ConnectionError("reset", true), new ApiError("PATCH", 503, {}), new ApiError("PATCH", 429, {})]) {
    const late = server([error]);
    await expect(late.write()).rejects.toBe(error);
    expect(await late.write()).toBeUndefined();
    expect(late.podsOf(1)).toEqual(["own"]);
  }
});

test("where the API server can't take it for long, the run goes on to its end, and that is told", async () => {
  const failing = server(Array.from({ length: 20 }, () => new ApiError("PATCH", 500, { message: "failed calling webhook" })));
  for (let tries = 1; tries < 10; tries += 1) await expect(failing.write()).rejects.toThrow("failed calling webhook");
  expect(await failing.write()).toContain("failed calling webhook");
  expect(await failing.write()).toBeUndefined();
  expect(failing.patches).toHaveLength(10);
});
