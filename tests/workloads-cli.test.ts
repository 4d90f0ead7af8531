import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { file, plimsoll } from "./support/cli.ts";
import { deployment, map, read } from "./support/workloads.ts";
import { ownCluster, type OwnCluster } from "./support/own-cluster.ts";

let site: OwnCluster;
beforeAll(async () => {
  site = await ownCluster("workloads-cli", { workloads: { namespaces: ["*"] } });
});
afterAll(() => site.close());

test("plimsoll workloads shows what would change, writes, waits, tells and deletes, with the exit codes of kubectl diff", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  const run = (...args: string[]) => plimsoll(["workloads", ...args, "-n", namespace], { kubeconfig: site.kubeconfig });
  const written = (...manifests: object[]): string =>
    file(
      "set.json",
      JSON.stringify({ apiVersion: "plimsoll.dev/v1alpha1", kind: "WorkloadSet", metadata: { name: "cli" }, spec: { manifests } }),
    );
  const first = written(map("a"), map("b"), deployment("web", 1));
  expect(await run("diff", first)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("--- /dev/null\n+++ set/ConfigMap/a\n") as string,
  });
  expect(await run("apply", first, "--wait")).toMatchObject({ code: 0, stdout: "workloadset.plimsoll.dev/cli applied\n" });
  expect(await run("diff", first)).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await run("diff", "cli")).toEqual({ code: 0, stdout: "", stderr: "" });
  const changed = await run("diff", written(map("a", "2"), deployment("web", 1)));
  expect(changed).toMatchObject({ code: 1, stderr: "" });
  expect(changed.stdout).toContain(
    '--- live/ConfigMap/a\n+++ set/ConfigMap/a\n@@ -1,6 +1,6 @@\n apiVersion: v1\n data:\n-  a: "1"\n+  a: "2"\n',
  );
  expect(changed.stdout).toContain("--- live/ConfigMap/b\n+++ /dev/null\n");
  expect((await run()).stdout).toMatch(/^NAME +OBJECTS +APPLIED +HEALTHY +DRIFTED +SUSPENDED\ncli +3\/3 +True +True +False$/m);
  expect((await run("status", "cli")).stdout).toMatch(/^cli +3\/3 objects are as it says\n[^]*\nDeployment\/web +Healthy$/m);
  expect((await run("status", "-o", "name")).stdout).toBe("workloadset.plimsoll.dev/cli\n");
  await client("configmaps").patch({ namespace, name: "theirs" }, { data: { a: "theirs" } }, { type: "apply", fieldManager: "helm" });
  const conflicting = written(map("a"), map("b"), deployment("web", 1), map("theirs"));
  expect(await run("diff", conflicting)).toMatchObject({ code: 1, stderr: "ConfigMap/theirs: .data.a is held by helm\n" });
  expect(await run("apply", conflicting, "--wait")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('error: workload set "cli": ConfigMap/theirs: .data.a is held by helm') as string,
  });
  expect(await run("diff", written({ apiVersion: "v1", kind: "Namespace", metadata: { name: "x" } }))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("spec.manifests[0].kind: a Namespace belongs to no namespace") as string,
  });
  expect(await run("diff", "nobody")).toMatchObject({ code: 2, stderr: expect.stringContaining('no workload set "nobody"') as string });
  expect(await run("apply", written(map("A")))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("spec.manifests[0].metadata.name") as string,
  });
  expect(await run("delete", "cli", "--orphan")).toMatchObject({
    code: 0,
    stdout: 'workloadset.plimsoll.dev "cli" deleted, its objects stay\n',
  });
  await vi.waitFor(async () => expect((await run("status", "cli")).code).toBe(1), 120_000);
  await vi.waitFor(async () => expect((await read(own, "configmaps", "a"))?.metadata.ownerReferences ?? []).toEqual([]), 120_000);
  expect(await run("delete", "cli", "--ignore-not-found")).toMatchObject({ code: 0 });
  expect(await run("delete", "cli")).toMatchObject({ code: 1, stderr: expect.stringContaining('no workload set "cli"') as string });
});
