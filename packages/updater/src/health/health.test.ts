import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { healthOf, type Running } from "./health.ts";

const workload = { name: "plimsoll", images: ["controller:2"], replicas: 2, lease: "plimsoll" };
const spec = { replicas: 2, selector: {}, template: { spec: { containers: [{ name: "c", image: "controller:2" }] } } };
const status = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
const deployment = { metadata: { generation: 3 }, spec, status };
const pod = (name: string, image = "controller:2", restartCount = 0, ready = "True"): Pod => ({
  metadata: { name },
  spec: { containers: [{ name: "c", image }] },
  status: {
    startTime: "2026-11-27T00:00:00Z",
    conditions: [{ type: "Ready", status: ready }],
    containerStatuses: [
      { name: "c", image, imageID: "", ready: ready === "True", restartCount, lastState: { terminated: { exitCode: 3 } } },
    ],
  },
});
/** A pod with a container that others have put beside its own, and which was restarted. */
const meshed = (name: string): Pod => {
  const { spec, status, ...rest } = pod(name);
  const proxy = { name: "proxy", image: "mesh:1", imageID: "", ready: true, restartCount: 9 };
  return {
    ...rest,
    spec: { containers: [...(spec?.containers ?? []), proxy] },
    status: { ...status, containerStatuses: [...(status?.containerStatuses ?? []), proxy] },
  };
};
const lease = (holderIdentity: string, renewTime = "2026-11-27T00:01:00.000000Z") => ({ spec: { holderIdentity, renewTime } });
const running = (more: Partial<Running> = {}): Running => ({
  workload,
  deployment,
  pods: [pod("a"), pod("b")],
  lease: lease("a_1"),
  ...more,
});

test.each<[what: string, more: Partial<Running>, state: string, text: RegExp]>([
  ["it works", {}, "healthy", /^$/],
  ["a mesh has put a container beside each", { pods: [meshed("a"), meshed("b")] }, "healthy", /^$/],
  ["there is no Deployment", { deployment: undefined }, "waiting", /is not there/],
  [
    "it has another image",
    { workload: { ...workload, images: ["controller:1"] } },
    "waiting",
    /its image is controller:2, and not controller:1/,
  ],
  ["its change was not seen", { deployment: { ...deployment, metadata: { generation: 4 } } }, "waiting", /not seen yet/],
  ["a pod isn't available", { deployment: { ...deployment, status: { ...status, availableReplicas: 1 } } }, "waiting", /1 of 2 pods/],
  [
    "one of the release before is there",
    { deployment: { ...deployment, status: { ...status, replicas: 3 } } },
    "waiting",
    /release before/,
  ],
  ["a pod crashes", { pods: [pod("a", "controller:2", 3, "False")] }, "broken", /pod a crashes: exit code 3/],
  ["a pod of the release before crashes", { pods: [pod("a"), pod("z", "controller:1", 9, "False")] }, "healthy", /^$/],
  ["nobody leads", { lease: undefined }, "waiting", /held by nobody/],
  ["a pod of the release before leads", { lease: lease("z_1") }, "waiting", /held by z_1/],
  ["a pod whose name begins as another's leads", { pods: [pod("a")], lease: lease("ab_1") }, "waiting", /held by ab_1/],
  ["the Lease is older than the pod", { lease: lease("a_1", "2026-11-26T00:00:00.000000Z") }, "waiting", /not renewed/],
  ["it stands for no Lease", { workload: { ...workload, lease: undefined }, lease: undefined }, "healthy", /^$/],
])("%s", (_, more, state, text) => {
  const health = healthOf([running(more)]);
  expect(health.text).toMatch(text);
  expect(health.state).toBe(state);
});
