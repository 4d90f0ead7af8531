import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/release/release.ts";
import { medianStart } from "./starts.ts";
import { report, type Row } from "./table.ts";

/** What lint takes from source: for one file, for 100 of 8 steps, and for one of 2,000. */
export async function lintBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-lint-"));
  try {
    const file = (name: string, steps: number): string => {
      writeFileSync(join(folder, name), pipelineOf(steps));
      return join(folder, name);
    };
    const many = Array.from({ length: 100 }, (_, index) => file(`${index}.yaml`, 8));
    report("lint", [
      ...(await rows("1 file of 8 steps", many.slice(0, 1), folder)),
      ...(await rows("100 files of 8 steps", many, folder, 2_000)),
      ...(await rows("1 file of 2,000 steps", [file("long.yaml", 2_000)], folder, 1_000)),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function rows(what: string, files: readonly string[], folder: string, most?: number): Promise<Row[]> {
  const command = [process.execPath, join(root, "packages/cli/bin/plimsoll.mjs"), "lint", ...files];
  const { wall, cpu } = await medianStart(command, { ...process.env, PLIMSOLL_CACHE: join(folder, "cache") });
  const aim = most === undefined ? {} : { aim: `≤ ${most} ms`, reached: wall <= most };
  return [
    { what: `${what}: wall`, value: wall, unit: "ms", ...aim },
    { what: "  CPU", value: cpu, unit: "ms" },
  ];
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
