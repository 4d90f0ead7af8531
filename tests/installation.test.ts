import {
  applyPlan,
  completeObjects,
  completeValues,
  planOf,
  removalOf,
  removeInstallation,
  type KubernetesObject,
} from "@plimsoll/controller/installation";
import { Transport, type Sender } from "@plimsoll/kube";
import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { writeManifest } from "../scripts/release/manifest.ts";
import { kubeconfigWith } from "../scripts/local-controller.ts";
import { file, plimsoll } from "./support/cli.ts";
import { simulated } from "./support/cluster.ts";
import { Died, dyingSender } from "./support/dying-sender.ts";
import { faultySender } from "./support/faulty-sender.ts";
import { kubectl } from "./support/kubectl.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-installation-"));
// Simulated nodes run any image, and say that its pods are ready.
const onSimulated = file("simulated.yaml", JSON.stringify(simulated));

/** A name for a namespace that isn't there yet. */
function fresh(): string {
  return `i-${randomBytes(4).toString("hex")}`;
}

async function isThere(...what: string[]): Promise<boolean> {
  return (await kubectl("get", ...what, "--ignore-not-found", "-o", "name")) !== "";
}

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
      kinds: [{ served: true, storedVersions: ["v1alpha1"] }, { served: true }],
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
      "change Role plimsoll:" + namespace + expectRules(changed.stdout),
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
    await kubectl("wait", "--for=delete", `namespace/${namespace}`, "--timeout=120s");
    expect(await kubectl("get", "clusterroles,clusterrolebindings", "-l", `plimsoll.dev/installation=${namespace}`, "-o", "name")).toBe("");
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

  test("an image that isn't to be had is told, with its name", async () => {
    const namespace = fresh();
    const set = "image.repository=example.invalid/none,image.pullPolicy=Never,replicas=1";
    const late = await plimsoll(["install", "-n", namespace, "--yes", "--timeout", "30s", "--set", set, "--set", "nodeSelector.type=null"]);
    expect(late.code).toBe(1);
    expect(late.stderr).toMatch(/not rolled out within 30 s: plimsoll\n {2}pod plimsoll-\S+: ErrImageNeverPull of example\.invalid\/none:/);
    expect(await plimsoll(["status", "-n", namespace])).toMatchObject({ code: 1, stdout: expect.stringContaining("ErrImageNeverPull") });
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

/** The paths of a Role's rules that change, as they follow its name. */
function expectRules(text: string): string {
  const [role = ""] = changesIn(text).filter((line) => line.startsWith("change Role "));
  return ` ${role.split(" ").slice(3).join(" ")}`;
}

describe("whoever isn't in charge", () => {
  test("what Helm installed is left to Helm", async () => {
    const namespace = fresh();
    await kubectl("create", "namespace", namespace);
    await kubectl("create", "serviceaccount", "-n", namespace, "plimsoll");
    await kubectl(
      "label",
      "serviceaccount",
      "-n",
      namespace,
      "plimsoll",
      "app.kubernetes.io/managed-by=Helm",
      `plimsoll.dev/installation=${namespace}`,
    );
    await kubectl(
      "annotate",
      "serviceaccount",
      "-n",
      namespace,
      "plimsoll",
      "meta.helm.sh/release-name=ours",
      `meta.helm.sh/release-namespace=${namespace}`,
    );
    for (const command of ["install", "upgrade"])
      expect(await plimsoll([command, "-n", namespace, "--yes", ...(command === "upgrade" ? ["--install"] : [])])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(
          `belongs to the Helm release ours in namespace ${namespace}, and is changed by Helm alone: helm upgrade ours`,
        ),
      });
    expect((await plimsoll(["uninstall", "-n", namespace, "--yes"])).stderr).toContain(`helm uninstall ours -n ${namespace}`);
    expect(await isThere("clusterrole", `plimsoll:${namespace}`)).toBe(false);
  });

  test("every right that is lacking is named at once, and nothing is written", async () => {
    const [namespace, home] = [fresh(), fresh()];
    await kubectl("create", "namespace", home);
    await kubectl("create", "serviceaccount", "-n", home, "viewer");
    await kubectl("create", "clusterrolebinding", home, "--clusterrole=view", `--serviceaccount=${home}:viewer`);
    const token = (await kubectl("create", "token", "-n", home, "viewer")).trim();
    const kubeconfig = join(folder, "viewer.kubeconfig");
    writeFileSync(kubeconfig, kubeconfigWith(inject("kubeconfig"), token, home));
    const refused = await plimsoll(["install", "-n", namespace, "--yes"], { kubeconfig });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("this takes rights that you lack; nothing was changed");
    expect(refused.stderr).toContain("  patch,create namespaces\n");
    expect(refused.stderr).toContain(`  patch,create,delete deployments.apps in ${namespace}\n`);
    expect(refused.stderr).toContain("  get,patch,create,list,delete clusterroles.rbac.authorization.k8s.io\n");
    expect(await isThere("namespace", namespace)).toBe(false);
    expect((await plimsoll(["uninstall", "-n", namespace, "--yes"], { kubeconfig })).stderr).toContain("rights that you lack");
  });

  test("who may write roles, but not grant what they grant, is told so before anything is written", async () => {
    const [namespace, home] = [fresh(), fresh()];
    await kubectl("create", "namespace", home);
    await kubectl("create", "serviceaccount", "-n", home, "writer");
    const resources =
      "customresourcedefinitions.apiextensions.k8s.io,namespaces,serviceaccounts,configmaps,services,deployments.apps,poddisruptionbudgets.policy,networkpolicies.networking.k8s.io,roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io,clusterroles.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io";
    await kubectl("create", "clusterrole", home, "--verb=get,list,patch,create,delete", `--resource=${resources}`);
    await kubectl("create", "clusterrolebinding", home, `--clusterrole=${home}`, `--serviceaccount=${home}:writer`);
    const kubeconfig = join(folder, "writer.kubeconfig");
    writeFileSync(kubeconfig, kubeconfigWith(inject("kubeconfig"), (await kubectl("create", "token", "-n", home, "writer")).trim(), home));
    const refused = await plimsoll(["install", "-n", namespace, "--yes"], { kubeconfig });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /nothing was changed:\n {2}ClusterRole plimsoll:\S+: .*attempting to grant RBAC permissions not currently held/,
      ),
    });
    expect(await isThere("namespace", namespace)).toBe(false);
  });

  test("fields that somebody else set are named, and set when that is asked for", async () => {
    const namespace = fresh();
    const cli = (...args: string[]) => plimsoll([...args, "-n", namespace]);
    expect((await cli("install", "--yes", "-f", onSimulated)).code).toBe(0);
    await kubectl("scale", "deployment", "-n", namespace, "plimsoll", "--replicas=3");
    const refused = await cli("upgrade", "--yes");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/Deployment \S+: .*\.spec\.replicas; give --force-conflicts/) });
    expect(await kubectl("get", "deployment", "-n", namespace, "plimsoll", "-o", "jsonpath={.spec.replicas}")).toBe("3");
    expect((await cli("upgrade", "--yes", "--force-conflicts")).code).toBe(0);
    expect(await kubectl("get", "deployment", "-n", namespace, "plimsoll", "-o", "jsonpath={.spec.replicas}")).toBe("2");

    await kubectl("patch", "configmap", "-n", namespace, "plimsoll-values", "--type=merge", "-p", '{"data":{"version":"99.0.0"}}');
    const down = await cli("upgrade", "--yes", "--force-conflicts");
    expect(down).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/version 99\.0\.0 is installed, and this program is .*--allow-downgrade/),
    });
    expect((await cli("upgrade", "--yes", "--force-conflicts", "--allow-downgrade")).code).toBe(0);
    expect(await cli("version")).toMatchObject({ code: 0, stdout: expect.stringContaining(`(${namespace}/plimsoll)`) });
  });
});

describe("cut off", () => {
  let transport: Transport;
  beforeAll(() => {
    transport = Transport.fromKubeconfig(inject("kubeconfig"), { userAgent: "tests" });
  });
  afterAll(() => transport.close());

  const objectsIn = (namespace: string, given: object) =>
    completeObjects({ given, values: completeValues(given), namespace, version: "0.0.1" }).map(({ object }) => object);
  const apply = async (sender: Sender, namespace: string, given: object): Promise<void> =>
    applyPlan(sender, await planOf(sender, objectsIn(namespace, given), { namespace }));
  const isDone = async (namespace: string, given: object): Promise<boolean> =>
    (await planOf(transport, objectsIn(namespace, given), { namespace })).changes.every(({ action }) => action === "unchanged");

  /** Cuts some work off after each number of writes, each time taking it up again; gives how many writes the whole took. */
  async function cutOffEverywhere(
    work: (sender: Sender) => Promise<void>,
    check: () => Promise<void>,
    back: () => Promise<void>,
  ): Promise<number> {
    for (let writes = 0; ; writes += 1) {
      const whole = await work(dyingSender(transport, writes)).then(
        () => true,
        (error: unknown) => {
          expect(error).toBeInstanceOf(Died);
          return false;
        },
      );
      await work(transport);
      await check();
      if (whole) return writes;
      await back();
    }
  }

  test("at any write, a change is taken up by the next", async () => {
    const namespace = fresh();
    const small = { replicas: 0, namespaces: ["default"] };
    const large = { replicas: 0, isolation: "feature", dashboard: { create: true }, networkPolicy: { create: true } };
    await apply(transport, namespace, small);
    const writes = await cutOffEverywhere(
      (sender) => apply(sender, namespace, large),
      async () => expect(await isDone(namespace, large)).toBe(true),
      () => apply(transport, namespace, small),
    );
    expect(writes).toBeGreaterThan(15);
  });

  test("at any write, taking away is taken up by the next", async () => {
    const namespace = fresh();
    await kubectl("create", "namespace", namespace);
    const given = { replicas: 0 };
    await apply(transport, namespace, given);
    const writes = await cutOffEverywhere(
      async (sender) => removeInstallation(sender, await removalOf(sender, namespace)),
      async () => expect((await removalOf(transport, namespace)).objects).toEqual([]),
      () => apply(transport, namespace, given),
    );
    expect(writes).toBeGreaterThan(10);
  });

  test("by a server that fails every fifth request, it comes through", async () => {
    const namespace = fresh();
    const told = new Map<string, number>();
    let seed = 1;
    // A sequence of Lehmer's: the same in each run.
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const faulty = faultySender(transport, 0.2, random, told);
    await apply(faulty, namespace, { replicas: 0 });
    expect(told.get("PATCH")).toBeGreaterThan(0);
    expect(await isDone(namespace, { replicas: 0 })).toBe(true);
    await removeInstallation(faulty, await removalOf(faulty, namespace));
    expect((await removalOf(transport, namespace)).objects).toEqual([]);
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
  expect(await may("list")).toBe("yes");
  expect(await may("watch")).toBe("no");
  expect(JSON.parse((await cli("extensions", "list", "-o", "json")).stdout)).toEqual([
    { name: "x", group: "apps", resources: ["controllerrevisions"], verbs: ["get", "list"] },
  ]);
  expect((await cli("upgrade", "--yes", "--no-wait", "--set", "replicas=0")).code).toBe(0);
  expect((await cli("uninstall", "--yes")).stdout).toContain("Extensions stay, and grant nobody anything: x.");
  expect(await may("list")).toBe("yes");
  expect(await cli("extensions", "remove", "x")).toMatchObject({ code: 0, stdout: "extension x removed\n" });
  expect(await may("list")).toBe("no");
  expect(await cli("extensions", "remove", "x")).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no extension "x"') });
});
