import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundle } from "./bundle.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "plimsoll-bundle-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const controller = { "plimsoll-controller": "packages/controller/src/main.ts" };

test("the bundled controller runs without the checkout and its packages", async () => {
  const outdir = folder();
  const { files, sizes } = await bundle({ entries: controller, outdir, minify: true });
  expect(files).toEqual([
    "THIRD-PARTY-LICENSES.txt",
    "kube-leader-worker.mjs",
    "kube-leader-worker.mjs.map",
    "plimsoll-controller.mjs",
    "plimsoll-controller.mjs.map",
  ]);
  expect(sizes["plimsoll-controller.mjs"]).toBe(readFileSync(join(outdir, "plimsoll-controller.mjs")).length);
  const said = execFileSync(process.execPath, [join(outdir, "plimsoll-controller.mjs"), "--help"], { encoding: "utf8", cwd: outdir });
  expect(said).toMatch(/^Usage: plimsoll-controller /);
  expect(readFileSync(join(outdir, "THIRD-PARTY-LICENSES.txt"), "utf8")).toMatch(/^undici \d+\.\d+\.\d+: MIT\n\nMIT License/m);
});

test("the same source gives the same bytes", async () => {
  const [one, other] = [folder(), folder()];
  const { files } = await bundle({ entries: controller, outdir: one, splitting: true });
  expect(await bundle({ entries: controller, outdir: other, splitting: true })).toMatchObject({ files });
  for (const file of files) expect(readFileSync(join(other, file)).equals(readFileSync(join(one, file)))).toBe(true);
});

test("a worker that is started by its URL is a file of its own, which the bundle finds", async () => {
  const [source, outdir] = [folder(), folder()];
  writeFileSync(join(source, "hello.ts"), `import { parentPort } from "node:worker_threads"; parentPort?.postMessage("hello" as string);`);
  writeFileSync(
    join(source, "main.ts"),
    `import { Worker } from "node:worker_threads";
     new Worker(new URL("hello.ts", import.meta.url)).on("message", (text: string) => console.log(text, NAME));`,
  );
  const define = { NAME: '"world"' };
  const { files } = await bundle({ entries: { main: join(source, "main.ts") }, outdir, define, banner: "#!/usr/bin/env node" });
  expect(files.filter((file) => file.endsWith("hello.mjs"))).toHaveLength(1);
  const main = join(outdir, "main.mjs");
  expect(readFileSync(main, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(execFileSync(process.execPath, [main], { encoding: "utf8", cwd: outdir })).toBe("hello world\n");
});

test("a mistake in the source is told with its file and line", async () => {
  const source = folder();
  writeFileSync(join(source, "main.ts"), "const a = ;");
  await expect(bundle({ entries: { main: join(source, "main.ts") }, outdir: folder() })).rejects.toThrow(/main\.ts:1:10: ERROR/);
});
