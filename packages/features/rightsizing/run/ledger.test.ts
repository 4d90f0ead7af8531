import { mostSizedContainers, type RightSizingPolicy } from "@plimsoll/api";
import { sizedPodOf, Sizing, vpaSettings } from "@plimsoll/model/sizing";
import { expect, test } from "vitest";
import { config, sizingSettingsOf } from "../config.ts";
import { statusOf } from "../decide/status.ts";
import { fullLedger } from "../testing/full-ledger.ts";
import { Ledger } from "./ledger.ts";

const now = Date.parse("2026-11-28T12:00:00Z");
const day = 24 * 60 * 60_000;
const sizing = new Sizing(vpaSettings);
const workload = { apiVersion: "apps/v1", kind: "Deployment", namespace: "a", name: "web" };
const key = "apps/Deployment/web//app";
const podOf = (uid: string, annotations = {}) =>
  sizedPodOf({
    metadata: { namespace: "a", name: uid, uid, annotations },
    spec: { containers: [{ name: "app", resources: { requests: { cpu: "1", memory: "1Gi" } } }] },
  });
const nothing = () => false;
const written = (checkpoints: { key: string; state: string }[]) =>
  ({ metadata: { namespace: "a", name: "all", uid: "1", resourceVersion: "7" }, status: { checkpoints } }) as never;

function known(annotations = {}): Ledger {
  const ledger = new Ledger(sizing);
  const pod = podOf("1", annotations);
  ledger.count(workload, pod, nothing);
  ledger.of(workload, "app").sample(pod, { container: "app", at: now, cpu: 250, memory: 3e8 }, now);
  return ledger;
}

test("what is written is read again, that its pods have opted out, too", () => {
  const ledger = known({ "plimsoll.dev/right-sizing": "ignore" });
  const read = new Ledger(sizing);
  expect(read.adopt(written(ledger.checkpoints([key]).checkpoints), now)).toBe(0);
  expect(read.sized()).toEqual([{ ...ledger.sized()[0], pods: 0, workload: { ...workload, step: undefined } }]);
  expect(read.sized()).toMatchObject([{ current: { isOptedOut: true }, known: { samples: 1 } }]);
});

test.each<[string, (state: string) => string, Sizing]>([
  ["of a time to come", (state) => state.replace(`"seenAt":${now}`, `"seenAt":${now + 3 * day}`), sizing],
  ["of a time that no date can hold", (state) => state.replace(`"seenAt":${now}`, '"seenAt":1e18'), sizing],
  ["of other settings", (state) => state, new Sizing({ ...vpaSettings, window: day / 2 })],
  ["that is cut off", (state) => state.slice(0, -9), sizing],
])("a checkpoint %s is not used, and said so once", (_, edit, by) => {
  const [{ state = "" } = {}] = known().checkpoints([key]).checkpoints;
  const read = new Ledger(by);
  const policy = written([{ key, state: edit(state) }]);
  expect([read.adopt(policy, now), read.adopt(policy, now)]).toEqual([1, 0]);
  expect(read.sized()).toEqual([]);
});

test("what has no pods and no place in a status is forgotten, but not what a failed pod tells of", () => {
  const ledger = new Ledger(sizing);
  const failed = podOf("failed");
  const [app] = failed.shape.containers;
  const round = (at: number): boolean => {
    ledger.begin();
    const isNew = app !== undefined && ledger.of({ ...workload, name: "failed" }, "app").kill(failed, now - day, app, at);
    ledger.forget(at, 8 * day);
    return isNew;
  };
  for (let index = 0; index < 2 * mostSizedContainers; index++) {
    const [at, pod] = [now + index, podOf(`${index}`)];
    ledger.of({ ...workload, name: `job-${index}` }, "app").sample(pod, { container: "app", at, cpu: 250, memory: 3e8 }, at);
  }
  expect([round(now + 1_000), round(now + 2_000)]).toEqual([true, false]);
  expect(ledger.sized()).toHaveLength(mostSizedContainers + 1);
  expect(ledger.sized().map(({ workload }) => workload.name)).toContain("failed");
});

test("what its policy chooses no more is forgotten, but not what has no pods anywhere", () => {
  const kept = known();
  kept.begin();
  kept.release(nothing, nothing);
  expect(kept.sized()).toHaveLength(1);
  const elsewhere = known();
  elsewhere.release((one) => one === key, nothing);
  expect(elsewhere.sized()).toHaveLength(1);
  elsewhere.begin();
  elsewhere.release((one) => one === key, nothing);
  expect(elsewhere.sized()).toEqual([]);
  const ignored = known();
  ignored.begin();
  ignored.release(nothing, (container, { name }) => container === "app" && name === "web");
  expect(ignored.sized()).toEqual([]);
});

test("a kill at a limit that no node has is taken in, by what was seen to be used", () => {
  const ledger = known();
  const app = { name: "app", requests: {}, limits: { memory: 2 ** 60 } };
  expect(ledger.of(workload, "app").kill(podOf("1"), now, app, now)).toBe(true);
  const [{ kills, known: { estimate } = {} } = {}] = ledger.sized();
  expect(kills).toBe(1);
  expect(estimate?.target.memory).toBeGreaterThan(3e8);
  expect(estimate?.target.memory).toBeLessThan(1e9);
});

test("a policy of as many containers as there can be, with all that can be known of them, fits into etcd; what has no room is counted", () => {
  const ledger = fullLedger("a", mostSizedContainers, now, "close");
  const sized = ledger.sized();
  const policy = { metadata: { namespace: "a", name: "all", generation: 1 }, spec: {} } as RightSizingPolicy;
  const status = statusOf(
    policy,
    { sized, taken: 0, availability: { state: "answers" }, oddities: [], silences: [], holders: () => [] },
    now,
  );
  const change = {
    at: new Date(now).toISOString(),
    from: { requests: { cpu: "1", memory: "1Gi" } },
    to: { requests: { cpu: "1", memory: "1Gi" } },
  };
  const held = { takenBack: "x".repeat(200), heldUntil: new Date(now).toISOString(), whole: true, raise: change };
  const changes = sized.map(({ key }) => ({ key, ...change, ...held }));
  const { checkpoints, unkept } = ledger.checkpoints(sized.map(({ key }) => key));
  expect([status.recommendations?.length, checkpoints.length + unkept]).toEqual([mostSizedContainers, mostSizedContainers]);
  expect(unkept).toBeGreaterThan(0);
  expect(JSON.stringify({ ...status, changes, checkpoints, unkept }).length).toBeLessThan(1.25 * 1024 ** 2);
  // Those that have room are the same each time, and are read again.
  const read = new Ledger(new Sizing(sizingSettingsOf(config.parse({ recommender: { basis: "close" } }))));
  expect([read.adopt(written(checkpoints), now), read.sized().length]).toEqual([0, checkpoints.length]);
});
