import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { manifestOf } from "../../scripts/release/release.ts";
import { install, largeLog, run, temporary } from "./support.ts";

const { folder, end } = temporary();
afterAll(end);
beforeAll(() => install(inject("release"), ["cli"], folder));

const role = join(folder, "role.yaml");
writeFileSync(
  role,
  `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: wide}
rules:
  - {apiGroups: [""], resources: [secrets], verbs: [get, list]}
`,
);

/** The installed program, under the oldest Node. */
const plimsoll = (...args: string[]): Promise<string> =>
  run(inject("oldNode"), [join(folder, "node_modules/.bin/plimsoll"), ...args], { env: { PLIMSOLL_CACHE: join(folder, "cache") } });

test("whoever installs the command line installs nothing else", () => {
  expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["@plimsoll"]);
  expect(readdirSync(join(folder, "node_modules/@plimsoll"))).toEqual(["cli"]);
  expect(readdirSync(join(folder, "node_modules/.bin")).toSorted()).toEqual(["kubectl-plimsoll", "plimsoll"]);
});

test("it says its version, which all packages share", async () => {
  expect(await plimsoll("--version")).toBe(`${manifestOf(".").version}\n`);
});

test("it finds the risks of a file's roles", async () => {
  const found = JSON.parse(await plimsoll("permissions", "risks", role, "-o", "json")) as { id: string }[];
  expect(found.map(({ id }) => id)).toContain("secrets-read");
});

test("it reads a large audit log with several threads", async () => {
  const log = largeLog(folder);
  const found = JSON.parse(await plimsoll("permissions", "infer", "--audit-log", log, "--user", "ann", "-o", "json")) as object;
  expect(found).toMatchObject({ rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }] });
});

test.each([
  [["permissions", "render"], /kind: ClusterRole/],
  [["permissions", "explain", "delete", "pods"], /pipelines/],
  [["config", "schema"], /"\$schema"/],
  [["lint", new URL("../../examples/digits/pipeline.yaml", import.meta.url).pathname], /no problems/],
  [["completion", "bash"], /complete/],
  [["--help"], /permissions .* cluster /s],
])("%j works as it does from source", async (args, expected) => {
  expect(await plimsoll(...args)).toMatch(expected);
});

test("without the package of clusters it says how to get it", async () => {
  await expect(plimsoll("cluster", "up", "--name", "x")).rejects.toMatchObject({
    code: 1,
    stderr: "error: plimsoll cluster takes a package that is not installed: npm install --global @plimsoll/cli @plimsoll/cluster\n",
  });
});

test("a cluster that can't be reached is told in a line", async () => {
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: "c", cluster: { server: "http://127.0.0.1:1" } }],
      contexts: [{ name: "c", context: { cluster: "c" } }],
      "current-context": "c",
    }),
  );
  await expect(plimsoll("list", "--kubeconfig", kubeconfig)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: .*127\.0\.0\.1:1.*\n$/) as string,
  });
});

test("its package tells what is bundled in it, and under which licences", () => {
  const text = readFileSync(join(folder, "node_modules/@plimsoll/cli/THIRD-PARTY-LICENSES.txt"), "utf8");
  expect(text).toMatch(/^undici \d+\.\d+\.\d+: MIT$/m);
});
