import { findCondition, mostSizedContainers, problemsIn, rightSizingPolicy, type RightSizingPolicy } from "@plimsoll/api";
import { expect, test } from "vitest";
import type { Availability } from "../observe/metrics-api.ts";
import { isDue } from "./due.ts";
import { invalidStatus, statusOf, type Sized } from "./status.ts";

const now = Date.parse("2026-11-28T12:00:00Z");
const mebi = 1024 ** 2;
const policy: RightSizingPolicy = {
  apiVersion: "plimsoll.dev/v1alpha1",
  kind: "RightSizingPolicy",
  metadata: { namespace: "a", name: "all", generation: 3 },
  spec: {},
};
const use = (cpu: number, memory: number) => ({ cpu, memory: memory * mebi });
const sized = (name: string, of: Partial<Sized> = {}): Sized => ({
  key: `apps/Deployment/${name}//app`,
  workload: { apiVersion: "apps/v1", kind: "Deployment", namespace: "a", name },
  container: "app",
  pods: 3,
  current: { requests: { cpu: 1_000, memory: 1_000 * mebi }, limits: {}, isOptedOut: false, whole: [] },
  known: { samples: 60, confidence: 12, estimate: { target: use(250, 300), lower: use(100, 200), upper: use(2_000, 2_000) } },
  since: now - 3_600_000,
  seenAt: now - 30_000,
  kills: 0,
  killedAt: undefined,
  ...of,
});
const answers: Availability = { state: "answers" };
const status = (some: Sized[], availability: Availability = answers, taken = 0, oddities: string[] = [], silences: string[] = []) =>
  statusOf(policy, { sized: some, taken, availability, oddities, silences, holders: () => [] }, now);

test("a status says of each container what it asks for, what it should, and how sure that is", () => {
  const unseen = sized("new", { known: { samples: 0, confidence: 0, estimate: undefined }, since: undefined, seenAt: undefined, pods: 1 });
  const found = status([sized("web", { kills: 2, killedAt: now - 60_000 }), unseen]);
  expect(found).toMatchObject({
    observedGeneration: 3,
    progress: "1/2",
    saved: { cpu: "2250m", memory: "2100Mi" },
    recommendations: [
      { name: "new", current: { cpu: "1", memory: "1000Mi" }, reason: "NoSamples", samples: 0 },
      {
        name: "web",
        pods: 3,
        target: { cpu: "250m", memory: "300Mi" },
        lower: { cpu: "100m", memory: "200Mi" },
        upper: { cpu: "2", memory: "2000Mi" },
        confidence: 12,
        samples: 60,
        since: "2026-11-28T11:00:00Z",
        seenAt: "2026-11-28T11:59:30Z",
        oomKills: 2,
        oomKilledAt: "2026-11-28T11:59:00Z",
        reason: "Recommended",
      },
    ],
  });
  expect(found.recommendations?.[0]).not.toHaveProperty("target");
  const [version] = rightSizingPolicy.versions;
  expect(problemsIn(version.schema, { ...policy, status: { ...found, checkpoints: [{ key: "a", state: "{}" }] } })).toEqual([]);
});

test.each<[string, Sized[], Availability, number, string, string]>([
  ["without pods", [], answers, 0, "Recommending", "False/NoPods: it has chosen no pod yet"],
  [
    "whose pods an older one has",
    [],
    answers,
    2,
    "Recommending",
    "False/NoPods: it has chosen no pod yet; 2 pods that it chooses belong to an older policy",
  ],
  [
    "with recommendations",
    [sized("web")],
    answers,
    0,
    "Recommending",
    "True/Recommending: there are recommendations for 1 of 1 containers",
  ],
  ["with good metrics", [], answers, 0, "MetricsAvailable", "True/Answers: metrics.k8s.io answers"],
  ["before the first round", [], { state: "unasked" }, 0, "MetricsAvailable", "Unknown/NotAsked: metrics.k8s.io was not asked yet"],
  [
    "without metrics",
    [],
    { state: "away", since: now - 60_000, message: "nobody is there" },
    0,
    "MetricsAvailable",
    "False/NotAnswering: nobody is there, since 2026-11-28T11:59:00Z: recommendations stay as they are",
  ],
])("a policy %s says so in its condition", (_, some, availability, taken, type, text) => {
  const found = findCondition(status(some, availability, taken), type);
  expect(`${found?.status}/${found?.reason}: ${found?.message}`).toBe(text);
});

test("odd samples of its pods are told, and make metrics no less available", () => {
  const found = findCondition(status([sized("web")], answers, 0, ["pod a/b: cpu -1", "2", "3", "4"]), "MetricsAvailable");
  expect(found).toMatchObject({
    status: "True",
    reason: "Odd",
    message: "metrics.k8s.io answers; of this policy's pods it says what can't be, which is left out: pod a/b: cpu -1; 2; 3 (and 1 more)",
  });
});

test("pods of which nothing is said are told apart from odd samples", () => {
  const said = (oddities: string[]) => findCondition(status([], answers, 0, oddities, ["pod a/b (nothing since x)"]), "MetricsAvailable");
  expect(said([])).toMatchObject({
    reason: "Odd",
    message: "metrics.k8s.io answers; of pods that run it is silent: pod a/b (nothing since x)",
  });
  expect(said(["pod a/c: cpu -1"])?.message).toBe(
    "metrics.k8s.io answers; of this policy's pods it says what can't be, which is left out: pod a/c: cpu -1; of pods that run it is silent: pod a/b (nothing since x)",
  );
});

test("that metrics are away changes no recommendation", () => {
  const { recommendations, saved } = status([sized("web")]);
  expect(status([sized("web")], { state: "away", since: now, message: "" })).toMatchObject({ recommendations, saved });
});

test("more containers than a status holds are left out: those without pods, and longest unseen, first", () => {
  const many = Array.from({ length: mostSizedContainers + 1 }, (_, index) => sized(`web-${index}`));
  const old = sized("old", { pods: 0, seenAt: now - 1_000_000 });
  expect(status(many).omitted).toBe(1);
  const found = status([old, ...many.slice(0, -1)]);
  expect(found).not.toHaveProperty("omitted");
  expect(found.recommendations).toHaveLength(mostSizedContainers);
  expect(found.recommendations?.some(({ name }) => name === "old")).toBe(false);
});

test("a policy that can't be carried out keeps what was recommended before", () => {
  const before = { ...policy, status: status([sized("web")]) };
  const after = invalidStatus(before, [{ path: ["spec", "bounds", "cpu"], message: "min 2 is more than max 1" }], now);
  expect(after.recommendations).toEqual(before.status.recommendations);
  expect(findCondition(after, "Valid")).toMatchObject({ status: "False", message: "spec.bounds.cpu: min 2 is more than max 1" });
});

test("a status is written at once where what people act on has changed, and else when it is time", () => {
  const before = status([sized("web")]);
  const due = (after: Sized, isTime = false, availability: Availability = answers) => isDue(before, status([after], availability), isTime);
  expect(isDue(undefined, before, false)).toBe(true);
  const known = { ...sized("web").known, samples: 61, confidence: 13 };
  expect(due(sized("web", { known, pods: 4, seenAt: now }))).toBe(false);
  expect(due(sized("web", { known }), true)).toBe(true);
  expect(due(sized("web", { kills: 1, killedAt: now }))).toBe(true);
  expect(due(sized("web", { current: { requests: { cpu: 500 }, limits: {}, isOptedOut: false, whole: [] } }))).toBe(true);
  expect(due(sized("web"), false, { state: "away", since: now, message: "" })).toBe(true);
  expect(due(sized("another"))).toBe(true);
});
