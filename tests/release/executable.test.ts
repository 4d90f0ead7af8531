import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extract } from "tar";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { resolveBinaries } from "../../packages/cluster/src/binaries/resolve.ts";
import { archiveOf, executable } from "../../scripts/release/executables.ts";
import { platforms, thisPlatform } from "../../scripts/release/platform.ts";
import { manifestOf } from "../../scripts/release/release.ts";
import { largeLog, run, temporary } from "./support.ts";

const { version } = manifestOf(".");
const { folder, end } = temporary();
afterAll(end);
beforeAll(async () => {
  const platform = platforms.find((one) => one === thisPlatform);
  if (platform === undefined) throw new Error(`no executable is built for ${thisPlatform}`);
  await extract({ file: join(inject("release"), archiveOf(platform, version)), cwd: folder });
});

/** Without Node, or anything else, in the PATH. */
const alone = { env: { PATH: "" } };

test("an archive has the executable and the licences of all that is in it", () => {
  expect(readdirSync(folder).toSorted()).toEqual(["LICENSE", "NODE-LICENSE.txt", "THIRD-PARTY-LICENSES.txt", executable]);
});

test("it starts without Node", async () => {
  expect(await run(join(folder, executable), ["--version"], alone)).toBe(`${version}\n`);
});

test("it reads files, and says nothing on stderr of how it was built", async () => {
  const role = join(folder, "role.yaml");
  writeFileSync(role, JSON.stringify([{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] }]));
  const code = `"$0" permissions risks "$1" -o json 2>&1`;
  const said = await run("/bin/sh", ["-c", code, join(folder, executable), role], alone);
  expect((JSON.parse(said) as { id: string }[]).map(({ id }) => id)).toContain("secrets-read");
});

test("it reads a large audit log with several threads", async () => {
  const args = ["permissions", "infer", "--audit-log", largeLog(folder), "--user", "ann", "-o", "json"];
  const found = JSON.parse(await run(join(folder, executable), args, alone)) as object;
  expect(found).toMatchObject({ rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }] });
});

test("kubectl finds it as its plugin", async () => {
  const { kubectl } = await resolveBinaries(["kubectl"], { onProgress: () => undefined });
  const bin = join(folder, "bin");
  mkdirSync(bin);
  renameSync(join(folder, executable), join(bin, "kubectl-plimsoll"));
  try {
    expect(await run(kubectl ?? "kubectl", ["plimsoll", "--version"], { env: { PATH: bin } })).toBe(`${version}\n`);
  } finally {
    renameSync(join(bin, "kubectl-plimsoll"), join(folder, executable));
  }
});

test("where it can't load the package of clusters, it says so", async () => {
  await expect(run(join(folder, executable), ["cluster", "up"], alone)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("npm install --global @plimsoll/cli @plimsoll/cluster") as string,
  });
});
