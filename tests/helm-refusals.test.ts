import type { HelmVersion } from "@plimsoll/cluster";
import { Transport } from "@plimsoll/kube";
import { atoms, ruleOf, type Atom } from "@plimsoll/permissions";
import { afterAll, expect, inject, test } from "vitest";
import { helmRights } from "../scripts/helm-rights.ts";
import { operationOf, release, type Operation } from "./helm-rights/operations.ts";
import { bindable } from "./helm-rights/rights.ts";
import { site } from "./helm-rights/site.ts";
import { helm } from "./support/helm.ts";
import { kubectl } from "./support/kubectl.ts";

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
afterAll(() => transport.close());
const versions = [3, 4] as const satisfies HelmVersion[];

const image = "upgrade, another image";

/** A release, installed as the administrator. */
async function installed(version: HelmVersion, values: Operation["set"] = {}) {
  const { namespace, run, user, close } = await site(transport, "helm-refused");
  const administrator = [`${namespace}-administrator`, "system:masters"];
  expect(await run(version, operationOf("install").args, values, administrator)).toMatchObject({ code: 0 });
  return {
    namespace,
    close,
    upgradeAsAdministrator: (set: Operation["set"]) => run(version, operationOf(image).args, set, administrator),
    /** Does an operation as a new user, with the logged rights of the operations named, less some. */
    async bound(
      operation: string,
      set: Operation["set"],
      rights: string[],
      without: (atom: Atom) => boolean = () => false,
      ...more: string[]
    ) {
      const rows = helmRights().filter(
        (row) => rights.includes(row.operation) && [row.helm, row.installedBy].every((one) => one.startsWith(`${version}.`)),
      );
      expect(rows).toHaveLength(rights.length);
      const left = (kind: "role" | "clusterRole") =>
        atoms(rows.flatMap((row) => row[kind]))
          .filter((atom) => !without(atom))
          .map(ruleOf);
      const name = await user(bindable(left("clusterRole"), namespace), bindable(left("role"), namespace));
      return run(version, (chart) => [...operationOf(operation).args(chart), ...more], set, [name]);
    },
    image: () => kubectl("get", "deployment", release, "-n", namespace, "-o", "jsonpath={.spec.template.spec.containers[0].image}"),
    /** Of each revision. */
    async statuses() {
      const { stdout } = await helm(version, ["history", release, "-n", namespace, "-o", "json"]);
      return (JSON.parse(stdout) as { status: string }[]).map(({ status }) => status);
    },
  };
}

const is = (verb: string, resource: string) => (atom: Atom) => "resource" in atom && atom.verb === verb && atom.resource === resource;

test.concurrent("without `watch`, Helm 4's --wait fails when all is upgraded", async () => {
  const { bound, image: runs, statuses, close } = await installed(4);
  const { code, stderr } = await bound("upgrade --wait", { image: "busybox:2" }, [image]);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot (list|watch) resource/) as string });
  expect(await runs()).toBe("busybox:2");
  expect(await statuses()).toEqual(["deployed", "failed"]);
  await close();
});

test.concurrent("without `watch`, Helm 4's --rollback-on-failure takes every upgrade back, and calls that failed, too", async () => {
  const { bound, image: runs, statuses, close } = await installed(4);
  const operation = "upgrade --rollback-on-failure, rolled back";
  const { code, stderr } = await bound(operation, { image: "busybox:2" }, [operation], (atom) => atom.verb === "watch");
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot (list|watch) resource/) as string });
  expect(await runs()).toBe("busybox:1");
  expect(await statuses()).toEqual(["deployed", "failed", "failed"]);
  await close();
});

test.concurrent.each(versions)(
  "without `escalate`, another label on a role fails Helm %i's upgrade when the rest of it is done",
  async (version) => {
    const { bound, image: runs, statuses, close } = await installed(version);
    const label = "upgrade, another label on roles and bindings";
    const { code, stderr } = await bound(label, { image: "busybox:2", label: "2" }, [image, label]);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("attempting to grant RBAC permissions not currently held") as string,
    });
    expect(await runs()).toBe("busybox:2");
    expect(await statuses()).toEqual(["deployed", "failed"]);
    await close();
  },
);

test.concurrent.each(versions)(
  "without `delete` on Secrets, Helm %i's upgrades succeed until --history-max is reached",
  async (version) => {
    const { bound, image: runs, statuses, close } = await installed(version);
    const full = "upgrade, as many revisions as --history-max";
    const upgrade = (to: string) => bound(full, { image: to }, [full], is("delete", "secrets"), "--history-max", "2");
    expect(await upgrade("busybox:2")).toMatchObject({ code: 0 });
    expect(await upgrade("busybox:3")).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot delete resource") as string });
    expect(await runs()).toBe("busybox:2");
    expect(await statuses()).toEqual(["superseded", "deployed"]);
    await close();
  },
);

test.concurrent.each(versions)("without `update` on Secrets, Helm %i's upgrade is done, and is the last", async (version) => {
  const { bound, upgradeAsAdministrator, image: runs, statuses, close } = await installed(version);
  const without = is("update", "secrets");
  expect(await bound(image, { image: "busybox:2" }, [image], without)).toMatchObject({ code: 1 });
  expect(await runs()).toBe("busybox:2");
  expect(await statuses()).toEqual(["deployed", "pending-upgrade"]);
  const { code, stderr } = await upgradeAsAdministrator({ image: "busybox:3" });
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("another operation (install/upgrade/rollback) is in progress") as string,
  });
  await close();
});

test.concurrent.each([
  { version: 3, code: 0, status: ["superseded", "deployed"] },
  { version: 4, code: 1, status: ["deployed", "failed"] },
] as const)(
  "without `delete` on an object that left the chart, Helm $version ends with $code, and the object stays",
  async ({ version, code, status }) => {
    const { namespace, bound, image: runs, statuses, close } = await installed(version, { extra: "true" });
    const dropped = "upgrade, an object dropped";
    const result = await bound(dropped, { image: "busybox:2", extra: "false" }, [image, dropped], is("delete", "configmaps"));
    expect(result).toMatchObject({ code });
    expect(result.stdout + result.stderr).not.toMatch(code === 0 ? /web-extra|forbidden/ : /^$/);
    expect(await runs()).toBe("busybox:2");
    expect(await statuses()).toEqual(status);
    expect(await kubectl("get", "configmap", "web-extra", "-n", namespace, "-o", "name")).toBe("configmap/web-extra\n");
    await close();
  },
);

test.concurrent.each(versions)("without discovery, Helm %i's error doesn't say that anything is forbidden", async (version) => {
  const chart = new URL("helm-rights/chart", import.meta.url).pathname;
  // The only user who isn't in system:authenticated, and so has no discovery.
  const anonymous = ["--kube-as-user", "system:anonymous", "--kube-as-group", "none"];
  const { code, stderr } = await helm(version, ["install", release, chart, "--dry-run=server", ...anonymous]);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/unknown/) as string });
  expect(stderr).not.toMatch(/forbidden|cannot/);
});
