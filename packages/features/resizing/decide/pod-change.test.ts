import { expect, test } from "vitest";
import { podWith } from "../testing/pod.ts";
import { podChange } from "./pod-change.ts";
import type { Wanted } from "./wanted.ts";

const mebi = 1024 ** 2;
const tolerance = { minChange: 10, downOnly: false };
const wanted = (cpu: number | undefined, memory: number | undefined, more: Partial<Wanted> = {}): Wanted => ({
  requests: { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory: memory * mebi }) },
  limits: {},
  unlimited: [],
  ...more,
});
const of = (pod: ReturnType<typeof podWith>, want: Wanted, given = tolerance, upOnly = false) =>
  podChange(pod, () => ({ wanted: want, upOnly }), given);

const asks = { requests: { cpu: "500m", memory: "256Mi" }, limits: { memory: "512Mi" } };

test("requests become what is wanted, and a limit that there is what goes with it", () => {
  const { containers, hindrances } = of(podWith(asks), wanted(100, 64, { limits: { memory: 128 * mebi } }));
  expect(hindrances).toEqual([]);
  expect(containers).toMatchObject([{ name: "app", next: { requests: { cpu: 100, memory: 64 * mebi }, limits: { memory: 128 * mebi } } }]);
});

test("a limit that is to go stays while the pod runs, as the API server lets none go, and none comes", () => {
  const { containers } = of(podWith(asks), wanted(100, 600, { unlimited: ["memory"], limits: { cpu: 400 } }));
  expect(containers[0]?.next.limits).toEqual({ memory: 600 * mebi });
});

test("what is off by less than minChange is left", () => {
  expect(of(podWith(asks), wanted(520, 260)).containers).toEqual([]);
});

test("what may only be raised is not lowered, nor is its limit", () => {
  const { containers } = of(podWith(asks), wanted(100, 400, { limits: { memory: 450 * mebi } }), tolerance, true);
  expect(containers[0]?.next).toEqual({ requests: { cpu: 500, memory: 400 * mebi }, limits: { memory: 512 * mebi } });
});

test("an init container without requests makes a pod Burstable, whatever the others ask for", () => {
  const full = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };
  const pod = podWith(full, { spec: { initContainers: [{ name: "init" }] } });
  expect(of(pod, wanted(100, 64, { limits: { cpu: 100, memory: 64 * mebi } })).containers).toHaveLength(1);
});

test("downOnly asks for no more, and still for less", () => {
  const { containers } = of(podWith(asks), wanted(100, 400), { minChange: 10, downOnly: true });
  expect(containers[0]?.next.requests).toEqual({ cpu: 100, memory: 256 * mebi });
});

test("a resource whose change would restart the container is left, and that is said", () => {
  const container = { resizePolicy: [{ resourceName: "memory", restartPolicy: "RestartContainer" }] };
  const { containers, hindrances } = of(podWith(asks, { container }), wanted(100, 64));
  expect(containers[0]?.next).toEqual({ requests: { cpu: 100, memory: 256 * mebi }, limits: { memory: 512 * mebi } });
  expect(hindrances).toEqual(["its resizePolicy would restart the container app for a change of memory"]);
});

test.each<[string, string, object, Wanted, RegExp]>([
  ["begins to ask", "BestEffort", {}, wanted(100, 64), /begin to/],
  [
    "asks for other than its limits",
    "Guaranteed",
    { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
    wanted(100, 64, { limits: { cpu: 1000, memory: 1024 * mebi } }),
    /Guaranteed/,
  ],
  [
    "asks for its limits",
    "Burstable",
    { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
    wanted(1000, 1024),
    /as much as their limits/,
  ],
])("a pod that then %s would have another class of service, which the API server refuses", (_, qos, resources, want, message) => {
  const { containers, hindrances } = of(podWith(resources, { qos }), want);
  expect(containers).toEqual([]);
  expect(hindrances.join()).toMatch(message);
});

test("a pod that asks for its limits goes on doing so", () => {
  const full = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };
  const want = wanted(100, 64, { limits: { cpu: 100, memory: 64 * mebi } });
  const { containers, hindrances } = of(podWith(full, { qos: "Guaranteed" }), want);
  expect(hindrances).toEqual([]);
  expect(containers[0]?.next).toEqual({ requests: want.requests, limits: want.limits });
});

test("a sidecar is told from the other containers", () => {
  const sidecar = { name: "proxy", restartPolicy: "Always", resources: asks };
  const { containers } = of(podWith(asks, { spec: { initContainers: [sidecar, { name: "init", resources: asks }] } }), wanted(100, 64));
  expect(containers.map(({ name, isSidecar }) => [name, isSidecar])).toEqual([
    ["app", false],
    ["proxy", true],
  ]);
});
