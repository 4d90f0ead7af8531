import { ApiError } from "@plimsoll/kube";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import type { Creation } from "../../decide/decision.ts";
import { tryOf } from "../../testing/tries.ts";
import { confirmAll, createAll, removeAll, type Hands } from "./carry-out.ts";
import type { Engine } from "../engine.ts";

const run = { namespace: "ns", name: "run", uid: "uid" };
const creations = (count: number, steps = 1): Creation[] =>
  Array.from({ length: count }, (_, item) => ({
    step: item % steps,
    item,
    try: 1,
    object: { metadata: { namespace: "ns", name: `p${item}` } },
  }));
const engine = { made: () => {}, plan: { steps: [] } } as unknown as Engine;

/** Hands over a fake client, which has no more than is asked of it here. */
function handsOf(pods: object, isStopped: () => boolean = () => false): Hands {
  return {
    client: (() => pods) as unknown as Hands["client"],
    limiter: { acquire: async () => {} } as unknown as Hands["limiter"],
    signal: new AbortController().signal,
    isStopped,
  };
}

test("what a run has no use for any more isn't made: that is asked before each creation", async () => {
  let made = 0;
  const create = async (pod: Pod): Promise<Pod> => {
    made += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return pod;
  };
  const outcome = await createAll(
    handsOf({ create }, () => made >= 10),
    run,
    creations(5_000),
    engine,
  );
  expect(made).toBeLessThan(10 + 16);
  expect(outcome.made.size).toBe(made);
  expect([outcome.blocked.size, outcome.refused.size]).toEqual([0, 0]);
});

test("where every creation is blocked, sixteen steps are tried and the others deferred; what is refused for good is told apart", async () => {
  const forbid = async (): Promise<Pod> => Promise.reject(new ApiError("POST", 403, { reason: "Forbidden", message: "exceeded quota" }));
  const blocked = await createAll(handsOf({ create: forbid }), run, creations(100, 100), engine);
  expect([blocked.blocked.size, blocked.deferred.size, blocked.refused.size]).toEqual([16, 84, 0]);
  const refuse = async (): Promise<Pod> => Promise.reject(new ApiError("POST", 422, { reason: "Invalid", message: "no" }));
  const refused = await createAll(handsOf({ create: refuse }), run, creations(3), engine);
  expect([...refused.refused.values()]).toEqual([expect.stringMatching(/^the API server refuses its pod: .*no$/)]);
});

test("pods are deleted by their UIDs, and one that is gone, or another of its name, is no error", async () => {
  const asked: unknown[] = [];
  const answers = [404, 409].map((code) => new ApiError("DELETE", code, {}));
  const remove = async (ref: { name: string }, { preconditions }: { preconditions: object }): Promise<void> => {
    asked.push([ref.name, preconditions]);
    const answer = answers.pop();
    if (answer) throw answer;
  };
  expect(await removeAll(handsOf({ delete: remove }), [tryOf("a"), tryOf("b"), tryOf("c")])).toEqual(new Map());
  expect(asked).toEqual(["a", "b", "c"].map((name) => [`run--${name}--1`, { uid: `run--${name}--1` }]));
});

test("what may not be deleted or read is given with why, and keeps no other from that", async () => {
  const forbidden = new ApiError("GET", 403, { reason: "Forbidden", message: "no" });
  const [a, b] = [tryOf("a"), tryOf("b")];
  const gone: string[] = [];
  const remove = async ({ name }: { name: string }): Promise<void> => {
    if (name === a.name) throw forbidden;
    gone.push(name);
  };
  expect(await removeAll(handsOf({ delete: remove }), [a, b])).toEqual(
    new Map([[a, `pod ${a.name} can't be deleted: ${forbidden.message}`]]),
  );
  expect(gone).toEqual([b.name]);
  const vanished: unknown[] = [];
  const asked = {
    nameOf: (step: number) => `p${step}`,
    kindOf: () => undefined,
    vanished: (one: unknown) => vanished.push(one),
  } as unknown as Engine;
  const [first, second] = [0, 1].map((step) => ({ step, item: 0, try: 1 }));
  const get = async ({ name }: { name: string }): Promise<never> => {
    throw name === "p0" ? forbidden : new ApiError("GET", 404, {});
  };
  const missing = [first, second].filter((one) => one !== undefined);
  expect(await confirmAll(handsOf({ get }), run, missing, asked)).toEqual(new Map([[first, `pod p0 can't be read: ${forbidden.message}`]]));
  expect(vanished).toEqual([second]);
  const broken = async (): Promise<never> => Promise.reject(new Error("no connection"));
  await expect(removeAll(handsOf({ delete: broken }), [a])).rejects.toThrow("no connection");
});
