import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { expect, inject, onTestFinished, test } from "vitest";
import * as z from "zod";
import { sha256Of } from "../../scripts/release/checksums.ts";
import { manifestOf, root } from "../../scripts/release/release.ts";
import { sbomOf } from "../../scripts/release/sbom.ts";
import { buildRelease } from "../../scripts/release/build.ts";
import { run, temporary } from "./support.ts";

const release = inject("release");
const { version } = manifestOf(".");
const read = (file: string): string => readFileSync(join(release, file), "utf8");

test("SHA256SUMS is right, and has every file that people download", async () => {
  const checked = await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: release });
  const files = globSync(["*.{tgz,gz,json}", "krew/*"], { cwd: release });
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) expect(checked).toContain(`${file}: OK\n`);
});

/** Of krew's manifest, what krew refuses one without. */
const plugin = z.strictObject({
  apiVersion: z.literal("krew.googlecontainertools.github.com/v1alpha2"),
  kind: z.literal("Plugin"),
  metadata: z.strictObject({ name: z.literal("plimsoll") }),
  spec: z.strictObject({
    version: z.string().regex(/^v\d+\.\d+\.\d+/),
    homepage: z.url(),
    shortDescription: z.string().min(1).max(50),
    description: z.string().min(1),
    platforms: z
      .array(
        z.strictObject({
          selector: z.strictObject({ matchLabels: z.strictObject({ os: z.enum(["linux", "darwin"]), arch: z.enum(["amd64", "arm64"]) }) }),
          uri: z.url({ protocol: /^https$/ }),
          sha256: z.string().regex(/^[0-9a-f]{64}$/),
          bin: z.string(),
          files: z.array(z.strictObject({ from: z.string(), to: z.string() })).min(1),
        }),
      )
      .min(1),
  }),
});

test("krew's manifest has the archives, their checksums and what is in them", async () => {
  const { spec } = plugin.parse(parse(read("krew/plimsoll.yaml")));
  expect(spec.version).toBe(`v${version}`);
  const archives = globSync("*.tar.gz", { cwd: release });
  expect(spec.platforms.map(({ uri }) => uri)).toEqual(archives.map((file) => `https://plimsoll.dev/releases/v${version}/${file}`));
  for (const { uri, sha256, bin, files } of spec.platforms) {
    const archive = join(release, uri.split("/").at(-1) ?? "");
    expect(sha256Of(archive)).toBe(sha256);
    const held = (await run("tar", ["-tzf", archive])).trim().split("\n");
    expect(held).toEqual(files.map(({ from }) => from));
    expect(held).toContain(bin);
  }
});

test("the SBOM is valid CycloneDX 1.6, and names each package and archive with what is bundled in it", async () => {
  const text = read(sbomOf(version));
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
  const sbom = JSON.parse(text) as {
    components: { "bom-ref": string; name: string; group?: string; version: string }[];
    dependencies: { ref: string; dependsOn?: string[] }[];
  };
  const names = sbom.components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`));
  expect(names).toEqual(expect.arrayContaining(["@plimsoll/permissions", "@plimsoll/cli", "undici", "node", "zod"]));
  for (const file of globSync("*.tar.gz", { cwd: release })) {
    const ref = sbom.components.find(({ name }) => name === file)?.["bom-ref"];
    const bundled = sbom.dependencies.find((one) => one.ref === ref)?.dependsOn ?? [];
    expect(bundled).toContain(`node@${process.versions.node}`);
    expect(bundled.some((one) => one.startsWith("undici@"))).toBe(true);
  }
});

test("built twice, every file is the same", async () => {
  const { folder, end } = temporary();
  onTestFinished(end);
  await buildRelease(join(folder, "again"));
  expect(readFileSync(join(folder, "again/SHA256SUMS"), "utf8")).toBe(read("SHA256SUMS"));
});

test.each([
  [["--platforms", "plan9-mips"], /--platforms plan9-mips: give some of linux-amd64, /],
  [["--base-url", "ftp://x"], /--base-url ftp:\/\/x: krew takes an https:\/\/ address/],
  [["--nonsense"], /--nonsense/],
])("%j is refused before anything is built", async (args, expected) => {
  const { folder, end } = temporary();
  onTestFinished(end);
  const out = join(folder, "dist");
  const program = [join(root, "scripts/release/main.ts"), "--out", out, ...args];
  await expect(run(process.execPath, program)).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(expected) as string });
  expect(existsSync(out)).toBe(false);
});

test("a folder that holds something else is left as it is", async () => {
  const { folder, end } = temporary();
  onTestFinished(end);
  writeFileSync(join(folder, "thesis.txt"), "words");
  await expect(run(process.execPath, [join(root, "scripts/release/main.ts"), "--out", folder])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("give a folder that is empty or not there") as string,
  });
  expect(readFileSync(join(folder, "thesis.txt"), "utf8")).toBe("words");
});
