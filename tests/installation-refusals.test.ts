import { Transport } from "@plimsoll/kube";
import type { Request } from "@plimsoll/permissions";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { untilAllowed } from "../bench/reviews.ts";
import { kubeconfigWith } from "../scripts/local-controller.ts";
import { plimsoll } from "./support/cli.ts";
import { fresh, isThere, onSimulated } from "./support/installation.ts";
import { kubectl } from "./support/kubectl.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-installation-"));

/** Waits until the authorizer knows what a ServiceAccount was given. */
async function held(namespace: string, account: string, request: Request): Promise<void> {
  const transport = Transport.fromKubeconfig(inject("kubeconfig"));
  await untilAllowed(transport, `system:serviceaccount:${namespace}:${account}`, request);
  await transport.close();
}

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

test("what isn't a namespace's name is refused, and chooses no installation", async () => {
  for (const name of ["=plimsoll-system", "plimsoll-system,!x", "", "A"])
    expect(await plimsoll(["uninstall", "--dry-run", `--namespace=${name}`])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(`"${name}" is not the name of a namespace`),
    });
});

test("in another namespace, an object that somebody labels keeps nobody from an installation", async () => {
  const [namespace, other] = [fresh(), fresh()];
  expect((await plimsoll(["install", "-n", namespace, "--yes", "--no-wait", "--set", "replicas=0"])).code).toBe(0);
  await kubectl("create", "namespace", other);
  await kubectl("create", "role", "-n", other, "theirs", "--verb=get", "--resource=pods");
  const labels = ["app.kubernetes.io/managed-by=Helm", `plimsoll.dev/installation=${namespace}`];
  await kubectl("label", "role", "-n", other, "theirs", ...labels);
  expect(await plimsoll(["upgrade", "-n", namespace, "--yes", "--no-wait", "--set", "replicas=0"])).toMatchObject({ code: 0 });
  expect(await plimsoll(["uninstall", "-n", namespace, "--yes"])).toMatchObject({ code: 0 });
  expect(await isThere("role", "-n", other, "theirs")).toBe(true);
});

test("every right that is lacking is named at once, and nothing is written", async () => {
  const [namespace, home] = [fresh(), fresh()];
  await kubectl("create", "namespace", home);
  await kubectl("create", "serviceaccount", "-n", home, "viewer");
  await kubectl("create", "clusterrolebinding", home, "--clusterrole=view", `--serviceaccount=${home}:viewer`);
  await held(home, "viewer", { verb: "list", group: "", resource: "pods" });
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
    "customresourcedefinitions.apiextensions.k8s.io,namespaces,serviceaccounts,configmaps,services,deployments.apps,poddisruptionbudgets.policy,networkpolicies.networking.k8s.io,roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io,clusterroles.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io,validatingadmissionpolicies.admissionregistration.k8s.io,validatingadmissionpolicybindings.admissionregistration.k8s.io";
  await kubectl("create", "clusterrole", home, "--verb=get,list,patch,create,delete", `--resource=${resources}`);
  // Other tests may serve the Prometheus operator's kinds here; kubectl would refuse to name them where nobody does.
  const operators = { apiGroups: ["monitoring.coreos.com"], resources: ["*"], verbs: ["*"] };
  const patch = JSON.stringify([{ op: "add", path: "/rules/-", value: operators }]);
  await kubectl("patch", "clusterrole", home, "--type=json", "--patch", patch);
  await kubectl("create", "clusterrolebinding", home, `--clusterrole=${home}`, `--serviceaccount=${home}:writer`);
  await held(home, "writer", { verb: "create", group: operators.apiGroups[0] ?? "", resource: "servicemonitors" });
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
