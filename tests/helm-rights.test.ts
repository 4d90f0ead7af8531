import type { HelmVersion } from "@plimsoll/cluster";
import { Transport } from "@plimsoll/kube";
import { afterAll, expect, inject, test } from "vitest";
import type { HelmRights } from "../scripts/helm-rights.ts";
import { operations, type Operation } from "./helm-rights/operations.ts";
import { behind, bindable, constant, pairs, rolesFor, written } from "./helm-rights/rights.ts";
import { site, type Site } from "./helm-rights/site.ts";
import { helm } from "./support/helm.ts";

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
afterAll(() => transport.close());

const found = new Map<object, HelmRights[]>();
const administrators = "system:masters";

async function versionOf(version: HelmVersion): Promise<string> {
  const { stdout } = await helm(version, ["version", "--template", "{{.Version}}"]);
  return stdout.replaceAll(/^v|\+.*$/g, "");
}

/** Runs the operation as a new user with these rights, and again with what stands behind the writes that were refused, until none is. */
async function withNoMore(
  { namespace, user, run, clear }: Site,
  version: HelmVersion,
  { name: operation, args, fails }: Operation,
  values: Operation["set"],
  rights: Omit<HelmRights, "unlogged">,
): Promise<HelmRights> {
  const unlogged: HelmRights["unlogged"] = { role: [], clusterRole: [] };
  for (;;) {
    const [everywhere, within] = (["clusterRole", "role"] as const).map((kind) =>
      bindable([...rights[kind], ...unlogged[kind]], namespace),
    );
    const { code, stdout, stderr, refused } = await run(version, args, values, [await user(everywhere ?? [], within ?? [])]);
    if (refused.length === 0) {
      expect({ operation, stdout, stderr, code }).toMatchObject({ code: fails ? 1 : 0 });
      return { ...rights, unlogged };
    }
    const { role, clusterRole } = rolesFor(constant(behind(refused, namespace), namespace));
    expect({ operation, stderr }).toMatchObject({ stderr: expect.stringContaining("attempting to grant RBAC permissions") as string });
    // Each time something that wasn't there: as there are four of them, that has an end.
    for (const rule of [...role, ...clusterRole]) expect([...unlogged.role, ...unlogged.clusterRole]).not.toContainEqual(rule);
    unlogged.role.push(...role);
    unlogged.clusterRole.push(...clusterRole);
    if (operation === "install") await clear(version);
  }
}

test.concurrent.each(pairs)(
  "what Helm $helm asks for with a release of Helm $installedBy, and no more, is enough",
  async (pair) => {
    const { helm: version, installedBy } = pair;
    const about = { helm: await versionOf(version), installedBy: await versionOf(installedBy) };
    const free = await site(transport, `helm-all-${version}${installedBy}`);
    const bound = await site(transport, `helm-least-${version}${installedBy}`);
    const rows: HelmRights[] = [];
    const values: Record<string, string> = {};
    for (const [index, operation] of operations.entries()) {
      const { name, args, set, only, fails } = operation;
      if (only !== undefined && only !== version) continue;
      Object.assign(values, set);
      const user = `${free.namespace}-all-${index}`;
      if (name === "install" && version !== installedBy) {
        for (const where of [free, bound])
          expect(await where.run(installedBy, args, values, [user, administrators])).toMatchObject({ code: 0 });
        continue;
      }
      const { code, stdout, stderr, asked } = await free.run(version, args, values, [user, administrators]);
      expect({ name, stdout, stderr, code }).toMatchObject({ code: fails ? 1 : 0 });
      const logged = { operation: name, ...about, ...rolesFor(constant(asked, free.namespace)) };
      rows.push(await withNoMore(bound, version, operation, values, logged));
    }
    for (const where of [free, bound]) await where.close();
    found.set(pair, rows);
  },
  900_000,
);

test("the rights are those that are written down", async () => {
  const all = pairs.flatMap((pair) => found.get(pair) ?? []);
  const rows = operations.flatMap(({ name }) => all.filter(({ operation }) => operation === name));
  await expect(written(rows)).toMatchFileSnapshot("../docs/reference/helm-rights.json");
});
