import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRelease } from "../scripts/release/build.ts";
import { root } from "../scripts/release/release.ts";
import { medianStart } from "./starts.ts";
import { report, type Row } from "./table.ts";

/** What lint takes, as it is released and from source: for one file, for 100 of 8 steps, and for one of 2,000. */
export async function lintBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-lint-"));
  try {
    const file = (name: string, steps: number): string => {
      writeFileSync(join(folder, name), pipelineOf(steps));
      return join(folder, name);
    };
    const many = Array.from({ length: 100 }, (_, index) => file(`${index}.yaml`, 8));
    const long = file("long.yaml", 2_000);
    const release = join(folder, "dist");
    await buildRelease(release);
    const rows = async (program: string, where: string): Promise<Row[]> => {
      const measured = async (what: string, files: readonly string[], most?: number): Promise<Row[]> => {
        const env = { ...process.env, PLIMSOLL_CACHE: join(folder, "cache") };
        const { wall, cpu } = await medianStart([process.execPath, program, "lint", ...files], env);
        const aim = most === undefined ? {} : { aim: `≤ ${most} ms`, reached: wall <= most };
        return [
          { what: `${where}, ${what}: wall`, value: wall, unit: "ms", ...aim },
          { what: "  CPU", value: cpu, unit: "ms" },
        ];
      };
      return [
        ...(await measured("1 file of 8 steps", many.slice(0, 1))),
        ...(await measured("100 files of 8 steps", many, 2_000)),
        ...(await measured("1 file of 2,000 steps", [long], 1_000)),
      ];
    };
    report("lint", [
      ...(await rows(join(release, "npm/cli/plimsoll.mjs"), "as released")),
      ...(await rows(join(root, "packages/cli/bin/plimsoll.mjs"), "from source")),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pipelineOf(count: number): string {
  const steps = Array.from({ length: count }, (_, index) =>
    [
      `    - name: s${index}`,
      "      image: busybox:1.36",
      ...(index === 0 ? [] : [`      needs: [s${index - 1}]`]),
      '      env: [{name: A, value: "${{ params.x }}"}]',
      `      script: |\n        echo "step ${index} of \${{ params.x }}"`,
    ].join("\n"),
  );
  const head =
    "apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  params: [{name: x, default: a}]\n  steps:\n";
  return `${head}${steps.join("\n")}\n`;
}
