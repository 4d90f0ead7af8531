import { up, type Cluster } from "@plimsoll/cluster";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { only, prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { idlePod, place, type Place } from "./support/cluster.ts";
import { started } from "./support/local-cluster.ts";
import { createPolicy, saysOf, untilPolicy } from "./support/sizing.ts";

let cluster: Cluster;
let controller: LocalController;
let own: Place;

beforeAll(async () => {
  cluster = await up({ name: started("rolled-out"), metricsServer: true });
  const kubeconfig = await prepare(cluster, { features: ["rightsizing", "resizing"] });
  const recommender = { cpuFloor: "5m", memoryFloor: "16Mi" };
  const config = {
    features: only({
      rightsizing: { interval: "2s", checkpointInterval: "1s", recommender },
      resizing: { watch: "1h", progress: "15s", hold: "1h" },
    }),
  };
  controller = await startController({ kubeconfig, folder: cluster.folder, config });
  own = await place(cluster.kubeconfig);
});
afterAll(async () => {
  await controller?.stop();
  await cluster?.down();
});

const resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } };
/** Whether a container's memory limit is what it was; in either version of cgroups. */
const hasLimit = '[ "$(cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes)" -ge 268435456 ]';

test.concurrent.each([
  ["StatefulSet", "statefulsets.apps", { serviceName: "none", replicas: 1 }],
  ["DaemonSet", "daemonsets.apps", {}],
] as const)("a %s whose new pod never gets ready has what it had before", async (kind, resource, more) => {
  const { client, namespace } = own;
  const name = `stuck-${kind.toLowerCase()}`;
  const idle = idlePod(namespace, name).spec;
  const container = {
    ...idle?.containers[0],
    name: "app",
    image: "busybox",
    imagePullPolicy: "IfNotPresent",
    command: ["sleep", "100000"],
    resources,
    readinessProbe: { exec: { command: ["sh", "-c", hasLimit] }, periodSeconds: 1 },
  };
  const spec = { ...idle, nodeSelector: {}, terminationGracePeriodSeconds: 0, containers: [container] };
  const labels = { app: name };
  await client(resource).create({
    metadata: { namespace, name },
    spec: { ...more, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  } as never);
  await createPolicy(own, name, { selector: { matchLabels: labels }, minConfidence: 0, mode: "recreate" });
  const policy = await untilPolicy(own, name, (policy) => saysOf(policy, "Applying").startsWith("False/TakenBack"), 240);
  expect(saysOf(policy, "Applying")).toMatch(/the roll-out failed: pod \S+ isn't ready, and there was no progress for 15 s/);
  expect(policy.status?.changes).toMatchObject([{ whole: true, failures: 1 }]);
  await vi.waitFor(
    async () => {
      const { spec } = await client(resource).get({ namespace, name });
      expect(spec?.template.spec?.containers[0]?.resources).toEqual(resources);
    },
    { timeout: 120_000, interval: 500 },
  );
});
