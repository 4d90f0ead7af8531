import type { WorkloadSet } from "@plimsoll/api";
import { kinds } from "@plimsoll/features/kinds";
import { builtin, each, gate } from "@plimsoll/kube";
import { until } from "../until.ts";

const { declare, allow } = gate({ ...builtin, ...kinds });
export const permissions = declare("bench-workloads", [
  allow(["create", "patch", "list"], "workloadsets.plimsoll.dev", "to make sets and change them, and to see what came of them"),
  allow(["list", "watch"], "configmaps", "to see when a change has arrived"),
]);

export type Own = ReturnType<typeof permissions.client>;

/** Requests at once while the load is put on. */
const width = 50;

export const namespace = "sets";

/** Five objects of which no pod comes: a set costs the same, whatever its Deployments run. */
export function specOf(index: number): WorkloadSet["spec"] {
  const name = `s${index}`;
  const labels = { app: name };
  const pod = { containers: [{ name: "main", image: "busybox", resources: { requests: { cpu: "100m", memory: "64Mi" } } }] };
  return {
    params: { value: "0" },
    manifests: [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { value: "${{ params.value }}" } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: `${name}-more` }, data: { text: "x".repeat(1_000) } },
      { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: labels, clusterIP: "None", ports: [{ port: 80 }] } },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name },
        spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
      },
      {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name },
        spec: { schedule: "0 3 1 1 *", suspend: true, jobTemplate: { spec: { template: { spec: { ...pod, restartPolicy: "Never" } } } } },
      },
    ],
  };
}

/** Makes sets; resolves when all objects of all of them are applied and healthy. */
export async function makeSets(own: Own, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index);
  await each(width, numbers, async (index) => {
    await own("workloadsets.plimsoll.dev").create({
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "WorkloadSet",
      metadata: { namespace, name: `s${index}` },
      spec: specOf(index),
    });
  });
  await until("all sets are applied and healthy", async () => {
    const sets = await Array.fromAsync(own("workloadsets.plimsoll.dev").list({ namespace }));
    return sets.every(({ status }) =>
      ["Applied", "Healthy"].every((type) => status?.conditions?.some((one) => one.type === type && one.status === "True")),
    );
  });
}
