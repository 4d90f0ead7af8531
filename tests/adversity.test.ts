import type { Step } from "@plimsoll/api";
import { builtin, gate, resource, Transport } from "@plimsoll/kube";
import type { ResourceQuota } from "kubernetes-types/core/v1.d.ts";
import { expect, test, vi } from "vitest";
import { phases, place, simulated } from "./support/cluster.ts";

const { declare, allow } = gate({
  ...builtin,
  resourcequotas: resource<ResourceQuota>({ group: "", version: "v1", plural: "resourcequotas", kind: "ResourceQuota", namespaced: true }),
});
const quotas = declare("quotas", [
  allow(["create", "delete"], "resourcequotas", "to be short of something"),
  allow("create", "configmaps", "to see whether a quota is in force"),
]);

const step = (name: string, more: Partial<Step> = {}): Step => ({ name, image: "busybox", command: ["true"], ...more });

test.concurrent("a quota holds up the steps that it leaves no room for, says so, and no others; when it is gone they go on", async () => {
  const { namespace, kubeconfig, start, until, ended } = await place();
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" });
  const admin = quotas.client(transport);
  const quota = admin("resourcequotas");
  // The pods that have ended count for count/pods, and not for pods.
  await quota.create({ metadata: { namespace, name: "pods" }, spec: { hard: { "count/pods": "1", "count/configmaps": "0" } } });
  // Admission learns of a quota by a watch: until then it lets everything pass.
  const probe = { metadata: { namespace, generateName: "probe-" } };
  await vi.waitFor(() => expect(admin("configmaps").create(probe)).rejects.toThrow(/exceeded quota: pods/), {
    timeout: 120_000,
    interval: 200,
  });
  await start({ pod: simulated, steps: [step("a"), step("b")] }, { name: "run" });
  const held = await until("run", ({ status }) => Object.values(status?.steps ?? {}).some(({ phase }) => phase === "Succeeded"));
  expect(held.status).toMatchObject({
    phase: "Running",
    progress: "1/2",
    message: expect.stringMatching(/exceeded quota: pods/) as string,
  });
  expect(Object.values(phases(held)).sort()).toEqual(["Pending", "Succeeded"]);
  await quota.delete({ namespace, name: "pods" });
  const { status } = await ended("run");
  expect(status).toMatchObject({ phase: "Succeeded", progress: "2/2" });
  expect(status).not.toHaveProperty("message");
  await transport.close();
});

test.concurrent("a fan-out of which a pod is refused for good leaves none behind that runs", async () => {
  const { client, namespace, start, ended } = await place();
  const run = await start({
    pod: { nodeSelector: { none: "such" } },
    steps: [{ name: "a", image: "${{ item }}", command: ["sleep", "3000"], forEach: ["busybox", "busybox", ""] }],
  });
  expect((await ended(run.metadata.name ?? "")).status).toMatchObject({
    phase: "Failed",
    steps: { a: { phase: "Failed", message: expect.stringMatching(/^the API server refuses its pod/) as string } },
  });
  await vi.waitFor(async () => expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]), {
    timeout: 120_000,
    interval: 200,
  });
});

test.concurrent("a run whose steps' results are more than etcd can hold ends all the same, and says that they are left out", async () => {
  const { client, namespace, start, ended } = await place();
  const steps = Array.from({ length: 3_000 }, (_, index): Step => ({
    name: `${"x".repeat(32)}-${index}`,
    image: "busybox",
    script: "x",
    // Known to be none only as it runs.
    forEach: `\${{ params.lists['${"x".repeat(250)}'] }}`,
  }));
  await start({ params: [{ name: "lists", type: "object", default: {} }], steps }, { name: "large" });
  const { status } = await ended("large");
  expect(status).toMatchObject({
    phase: "Failed",
    progress: "3000/3000",
    message: expect.stringMatching(/^steps x+-0, .* failed; the status has no room for what became of \d+ steps/) as string,
  });
  await client("pipelineruns.plimsoll.dev").delete({ namespace, name: "large" });
});
