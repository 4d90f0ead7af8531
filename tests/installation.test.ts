import { crds } from "@plimsoll/api";
import type { KubernetesObject } from "@plimsoll/controller/installation";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { writeManifest } from "../scripts/release/manifest.ts";
import { file, plimsoll } from "./support/cli.ts";
import { simulated } from "./support/cluster.ts";
import { fresh, isThere, onSimulated } from "./support/installation.ts";
import { kubectl } from "./support/kubectl.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-installation-"));
/** A plan as `-o json` prints it, without what stays as it is. */
function changesIn(text: string): string[] {
  const { changes } = JSON.parse(text) as { changes: { action: string; kind: string; name: string; fields?: { path: string }[] }[] };
  return changes
    .filter(({ action }) => action !== "unchanged")
    .map(({ action, kind, name, fields = [] }) => [action, kind, name, ...fields.map(({ path }) => path)].join(" "));
}

describe("without Helm", () => {
  test("Plimsoll is installed, found as it was installed, changed, and taken away", async () => {
    const namespace = fresh();
    const cli = (...args: string[]) => plimsoll([...args, "-n", namespace]);

    // Nobody can be asked here.
    expect(await cli("install")).toMatchObject({ code: 2, stderr: expect.stringMatching(/no terminal to ask on: give --yes/) });
    const planned = await cli("install", "-f", onSimulated, "--dry-run");
    expect(planned.code).toBe(0);
    expect(planned.stdout).toContain(`+ Namespace ${namespace}\n`);
    expect(planned.stdout).toContain(`+ Deployment ${namespace}/plimsoll\n`);
    expect(await isThere("namespace", namespace)).toBe(false);
    expect(await cli("status")).toMatchObject({ code: 1, stderr: expect.stringContaining(`is not installed in namespace "${namespace}"`) });
    expect((await cli("upgrade", "--yes")).stderr).toMatch(/--install installs it where it is missing/);

    const installed = await cli("install", "-f", onSimulated, "--yes");
    expect(installed).toMatchObject({ code: 0, stdout: expect.stringContaining(`is installed in namespace "${namespace}"`) });
    expect(installed.stderr).toContain("✔ plimsoll: 2 of 2 pods ready");
    const labels = JSON.parse(await kubectl("get", "namespace", namespace, "-o", "jsonpath={.metadata.labels}"));
    expect(labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted", "app.kubernetes.io/managed-by": "plimsoll" });

    const again = await cli("upgrade", "--dry-run", "--exit-code", "-o", "json");
    expect(again).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`Using the values of the ConfigMap ${namespace}/plimsoll-values`),
    });
    expect(changesIn(again.stdout)).toEqual([]);
    expect((await cli("install", "--yes")).stderr).toContain(
      `installed in namespace "${namespace}" already: plimsoll upgrade -n ${namespace}`,
    );
    const status = await cli("status", "-o", "json", "--diff");
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      namespace,
      healthy: true,
      installedBy: { tool: "plimsoll" },
      processes: [{ name: "plimsoll", wanted: 2, available: 2 }],
      features: { pipelines: true },
      kinds: crds().map(({ metadata: { name } }) => ({ name, served: true, storedVersions: ["v1alpha1"] })),
    });

    const changed = await cli(
      "upgrade",
      "--set",
      `replicas=1,namespaces={${namespace}},dashboard.create=true`,
      "--dry-run",
      "--exit-code",
      "-o",
      "json",
    );
    expect(changed.code).toBe(1);
    expect(changesIn(changed.stdout)).toEqual([
      expect.stringMatching(/^change Role plimsoll:\S+ rules\[/),
      ...["runs", "workload-sets", "workload-sources", "workload-steps"].map(
        (what) => `change ValidatingAdmissionPolicyBinding plimsoll-${what}.${namespace} spec.matchResources`,
      ),
      `change ConfigMap plimsoll data["plimsoll.yaml"]`,
      `change Deployment plimsoll spec.replicas spec.template.metadata.annotations["plimsoll.dev/config"]`,
      "create ConfigMap plimsoll-dashboard",
      `change ConfigMap plimsoll-values data["values.yaml"]`,
      "delete PodDisruptionBudget plimsoll",
      `delete ClusterRoleBinding plimsoll:${namespace}`,
      `delete ClusterRole plimsoll:${namespace}`,
    ]);
    const upgraded = await cli("upgrade", "--set", `replicas=1,namespaces={${namespace}},dashboard.create=true`, "--yes");
    expect(upgraded).toMatchObject({ code: 0, stdout: expect.stringContaining("The controller loses:\n- ") });
    expect(upgraded.stdout).toContain("- list pods everywhere");
    expect(await isThere("clusterrole", `plimsoll:${namespace}`)).toBe(false);
    // The values of the file are still in use: the pods are on simulated nodes.
    const kept = parse(
      await kubectl("get", "configmap", "-n", namespace, "plimsoll-values", "-o", String.raw`jsonpath={.data.values\.yaml}`),
    );
    expect(kept).toMatchObject({ ...simulated, replicas: 1, dashboard: { create: true } });
    expect(await cli("upgrade", "--yes")).toMatchObject({ code: 0, stdout: expect.stringContaining("is up to date") });
    const reset = await cli("upgrade", "--reset-values", "-f", onSimulated, "--dry-run", "-o", "json");
    expect(changesIn(reset.stdout)).toContain("delete ConfigMap plimsoll-dashboard");

    await kubectl("delete", "service", "-n", namespace, "plimsoll-metrics");
    expect((await cli("status", "--diff")).stdout).toContain(`+ Service ${namespace}/plimsoll-metrics`);

    expect(await cli("uninstall")).toMatchObject({ code: 2 });
    expect((await cli("uninstall", "--dry-run")).stdout).toContain(`- Deployment ${namespace}/plimsoll`);
    const uninstalled = await cli("uninstall", "--yes");
    expect(uninstalled).toMatchObject({ code: 0, stdout: expect.stringContaining(`deleted Namespace ${namespace}`) });
    await kubectl("wait", "--for=delete", `namespace/${namespace}`, "--timeout=300s");
    expect(
      await kubectl(
        "get",
        "clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings",
        "-l",
        `plimsoll.dev/installation=${namespace}`,
        "-o",
        "name",
      ),
    ).toBe("");
    expect(await isThere("crd", "pipelineruns.plimsoll.dev")).toBe(true);
    expect(await cli("uninstall", "--yes")).toMatchObject({ code: 1, stderr: expect.stringContaining("is not installed") });
  });

  test("what others have in the namespace stays, and so does the namespace", async () => {
    const namespace = fresh();
    const cli = (...args: string[]) => plimsoll([...args, "-n", namespace]);
    expect((await cli("install", "--yes", "--no-wait", "--set", "replicas=0")).code).toBe(0);
    await kubectl("create", "configmap", "-n", namespace, "mine");
    const gone = await cli("uninstall", "--yes");
    expect(gone).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Namespace ${namespace} stays: in it there is ConfigMap mine.`),
    });
    expect(await isThere("configmap", "-n", namespace, "mine")).toBe(true);
    expect(await isThere("deployment", "-n", namespace, "plimsoll")).toBe(false);

    // One that was there before is nobody's to delete or to label.
    const theirs = fresh();
    await kubectl("create", "namespace", theirs);
    expect((await plimsoll(["install", "-n", theirs, "--yes", "--no-wait", "--set", "replicas=0"])).code).toBe(0);
    expect(await kubectl("get", "namespace", theirs, "-o", "jsonpath={.metadata.labels}")).not.toContain("plimsoll");
    expect((await plimsoll(["uninstall", "-n", theirs, "--yes"])).stdout).not.toContain("Namespace");
    expect(await isThere("namespace", theirs)).toBe(true);
  });

  test("a copy that somebody has made of what is installed, with its labels, is theirs", async () => {
    const namespace = fresh();
    const cli = (...args: string[]) => plimsoll([...args, "-n", namespace]);
    expect((await cli("install", "--yes", "--no-wait", "--set", "replicas=0")).code).toBe(0);
    const labels = [`plimsoll.dev/installation=${namespace}`, "app.kubernetes.io/managed-by=plimsoll"];
    await kubectl("create", "configmap", "-n", namespace, "copy");
    await kubectl("label", "configmap", "-n", namespace, "copy", ...labels);
    expect((await cli("upgrade", "--yes", "--no-wait", "--set", "networkPolicy.create=true")).code).toBe(0);
    expect(await isThere("configmap", "-n", namespace, "copy")).toBe(true);
    const gone = await cli("uninstall", "--yes");
    expect(gone.stdout).toContain(`and stays: ConfigMap ${namespace}/copy.`);
    expect(gone.stdout).toContain(`Namespace ${namespace} stays: in it there is ConfigMap copy.`);
    expect(await isThere("configmap", "-n", namespace, "copy")).toBe(true);
  });

  test("an image that isn't to be had is told, with its name", async () => {
    const namespace = fresh();
    const set = "image.repository=example.invalid/none,image.pullPolicy=Never,replicas=1";
    const install = ["install", "-n", namespace, "--yes", "--no-wait", "--set", set, "--set", "nodeSelector.type=null"];
    expect(await plimsoll(install)).toMatchObject({ code: 0 });
    // The kubelet takes its time to look for it.
    const told = { code: 1, stdout: expect.stringContaining("ErrImageNeverPull") as string };
    await expect.poll(() => plimsoll(["status", "-n", namespace])).toMatchObject(told);
    const late = await plimsoll(["upgrade", "-n", namespace, "--yes", "--timeout", "5s"]);
    expect(late.code).toBe(1);
    expect(late.stderr).toMatch(/not rolled out within 5 s: plimsoll\n {2}pod plimsoll-\S+: ErrImageNeverPull of example\.invalid\/none:/);
    await plimsoll(["uninstall", "-n", namespace, "--yes"]);
  });

  test("a mistake in the values is told with its file, line and field, and what only Helm can do with the way out", async () => {
    const wrong = file("wrong.yaml", "replicas: 2\nimage:\n  tagg: x\n");
    expect(await plimsoll(["install", "-f", wrong, "--yes"])).toMatchObject({
      code: 2,
      stderr: 'error: wrong.yaml:3: image.tagg: there is no such field; did you mean "tag"?\n',
    });
    expect(await plimsoll(["install", "--set", "autoUpdate.enabled=true", "--yes"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/take Helm/),
    });
    expect(await plimsoll(["install", "-f", "nowhere.yaml", "--yes"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nowhere.yaml: cannot be read"),
    });
    expect(await plimsoll(["install", "-o", "json", "--yes"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("-o goes with --dry-run"),
    });
    const monitor = await plimsoll(["install", "-n", fresh(), "--dry-run", "--set", "namespaces={no-such-namespace}"]);
    expect(monitor).toMatchObject({ code: 1, stderr: expect.stringContaining("Role no-such-namespace/plimsoll") });
  });

  test("the objects are printed without a cluster, and are what a release's manifest has", async () => {
    const printed = await plimsoll(["install", "--dry-run=client"], { kubeconfig: "nowhere" });
    expect(printed.code).toBe(0);
    expect(printed.stdout).toMatch(/# pipelines: /);
    const manifest = writeManifest(folder);
    const objects = parseAllDocuments(printed.stdout).map((document) => document.toJS() as KubernetesObject);
    expect(objects[0]).toMatchObject({ kind: "Namespace", metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } });
    expect(objects.every(({ metadata }) => metadata.labels["app.kubernetes.io/managed-by"] === "plimsoll")).toBe(true);
    expect(await kubectl("apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", manifest).catch(String)).toMatch(
      /deployment.apps\/plimsoll serverside-applied|namespaces "plimsoll-system" not found/,
    );
  });
});

test("an extension lets every process read what it names, and no installation touches it", async () => {
  const namespace = fresh();
  const cli = (...args: string[]) => plimsoll([...args, "-n", namespace]);
  expect((await cli("extensions", "add", "x", "--group", "apps", "--resources", "deployments")).stderr).toContain(
    "is not installed in namespace",
  );
  expect((await cli("install", "--yes", "--no-wait", "--set", "replicas=0,isolation=feature")).code).toBe(0);
  const may = (verb: string) =>
    kubectl("auth", "can-i", verb, "controllerrevisions.apps", `--as=system:serviceaccount:${namespace}:plimsoll-pipelines`).then(
      (text) => text.trim(),
      () => "no",
    );
  expect(await may("list")).toBe("no");
  expect((await cli("extensions", "add", "x", "--group", "apps", "--resources", "controllerrevision")).stderr).toContain(
    'did you mean "controllerrevisions"?',
  );
  expect((await cli("extensions", "add", "x", "--group", "app", "--resources", "deployments")).stderr).toContain('did you mean "apps"?');
  expect(await cli("extensions", "add", "x", "--group", "apps", "--resources", "deployments", "--verbs", "get,delete")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"delete" is not for extensions'),
  });
  expect(await cli("extensions", "add", "x", "--group", "apps", "--resources", "controllerrevisions", "--verbs", "get,list")).toMatchObject(
    { code: 0 },
  );
  await expect.poll(() => may("list")).toBe("yes");
  expect(await may("watch")).toBe("no");
  expect(JSON.parse((await cli("extensions", "list", "-o", "json")).stdout)).toEqual([
    { name: "x", group: "apps", resources: ["controllerrevisions"], verbs: ["get", "list"] },
  ]);
  expect((await cli("upgrade", "--yes", "--no-wait", "--set", "replicas=0")).code).toBe(0);
  expect((await cli("uninstall", "--yes")).stdout).toContain("Extensions stay, and grant nobody anything: x.");
  expect(await may("list")).toBe("yes");
  expect(await cli("extensions", "remove", "x")).toMatchObject({ code: 0, stdout: "extension x removed\n" });
  await expect.poll(() => may("list")).toBe("no");
  expect(await cli("extensions", "remove", "x")).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no extension "x"') });
});
