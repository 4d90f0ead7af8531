import { up, type Cluster } from "@plimsoll/cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plimsoll } from "./support/cli.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { connect, container, started } from "./support/local-cluster.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await up({ name: started("metered"), metricsServer: true, simulatedNodes: 1 });
});
afterAll(() => cluster?.down());

test("what the real node and its pods use is known to kubectl top and to the inventory, and a pod that asks for nothing is charged with it", async () => {
  const { kubeconfig } = cluster;
  const { client, close } = connect(cluster);
  await client("pods").create({
    metadata: { namespace: "default", name: "burns" },
    spec: { containers: [container("busybox", "sh", "-c", "while true; do :; done")] },
  });
  await close();
  const kubectl = kubectlOf(kubeconfig);
  await expect
    .poll(() => kubectl("top", "pods", "-n", "default").catch(() => ""), { timeout: 120_000, interval: 1_000 })
    .toMatch(/burns +[1-9]\d*m /);
  expect(await kubectl("top", "nodes")).toMatch(/node-0 +[1-9]\d*m? /);

  const read = async (...args: string[]) => {
    const { code, stdout, stderr } = await plimsoll([...args, "-o", "json"], { kubeconfig });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return (JSON.parse(stdout) as { rows: Record<string, unknown>[] }).rows;
  };
  const nodes = await read("inventory");
  expect(nodes.find(({ name }) => name === "node-0")).toMatchObject({
    cpu_used: expect.any(Number) as number,
    memory_used: expect.any(Number) as number,
  });
  expect(nodes.find(({ name }) => name === "kwok-0")).not.toHaveProperty("cpu_used");
  expect(await read("inventory", "workloads")).toMatchObject([{ name: "burns", pods_measured: 1, pods_without_requests: 1 }]);
  const prices = { input: "{version: plimsoll.dev/prices/v1, prices: [{perHour: 1}]}", kubeconfig };
  const { stdout } = await plimsoll(["cost", "--prices", "-", "-o", "json"], prices);
  const { rows } = JSON.parse(stdout) as { rows: { per_hour: number; used_share: number }[] };
  expect(rows).toMatchObject([{ name: "default", used_share: 1 }]);
  expect(rows[0]?.per_hour).toBeGreaterThan(0);
});

test("namespaces can be deleted: all of the API answers", async () => {
  const kubectl = kubectlOf(cluster.kubeconfig);
  await kubectl("create", "namespace", "passing");
  expect(await kubectl("delete", "namespace", "passing", "--timeout=300s")).toContain("deleted");
});
