import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Prints what is loaded before the program ends. */
const hook = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from "node:module";
   registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });`,
)}`;

test("to lint takes no client of the API, nor what it is made of, nor what places and sizes pods", () => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-lint-"));
  try {
    const file = join(folder, "pipeline.yaml");
    writeFileSync(
      file,
      "apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: p}\nspec: {steps: [{name: s, image: busybox:1.36, command: [date]}]}\n",
    );
    const program = join(import.meta.dirname, "../main.ts");
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", hook, program, "lint", file], { encoding: "utf8" });
    expect(stdout).toContain("no problems");
    const loaded = stderr.split("\n").filter((line) => line.startsWith("file:"));
    expect(loaded.length).toBeGreaterThan(100);
    expect(
      loaded.filter((url) => /\/undici\/|\/kube\/src\/(?!message\.ts)|\/model\/src\/(?!amounts\/|selector|sizing\/resource)/.test(url)),
    ).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
