import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BaseError, checkoutOf, here } from "./checkout.ts";
import { paired } from "./paired.ts";
import { report, type Row } from "./table.ts";

/** A benchmark of this checkout and the same one of a commit, each by its own code, in turns; of each figure the median counts. */
export function compare(name: string, commit: string, times: number): void {
  const folder = checkoutOf(commit);
  const ours: Row[][] = [];
  const theirs: Row[][] = [];
  for (let time = 0; time < times; time += 1) {
    const turns = [() => theirs.push(measured(name, folder, commit.slice(0, 10))), () => ours.push(measured(name, here, "this checkout"))];
    // Whatever comes later finds the machine otherwise.
    for (const turn of time % 2 === 0 ? turns : turns.toReversed()) turn();
  }
  report(name, paired(ours, theirs), `this checkout against ${commit.slice(0, 10)}, ${times === 1 ? "once" : `median of ${times}`}`);
}

function measured(name: string, folder: string, build: string): Row[] {
  if (!existsSync(join(folder, "bench/main.ts"))) throw new BaseError(`--base: ${build} has no benchmarks`);
  console.error(`${name}: ${build}…`);
  const started = Date.now();
  const node = join(folder, "node_modules/node/bin/node");
  const { status, stderr } = spawnSync(node, ["bench/main.ts", name], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status === 2 && folder !== here) throw new BaseError(`--base: of ${build}: ${stderr.trim()}`);
  if (status !== 0) throw new Error(`the benchmark ${name} of ${build} failed:\n${stderr.trim()}`);
  const file = join(folder, "bench/results", `${name}.json`);
  const { at, rows } = JSON.parse(readFileSync(file, "utf8")) as { at: string; rows: Row[] };
  if (Date.parse(at) < started) throw new Error(`the benchmark ${name} of ${build} left no figures in ${file}`);
  return rows;
}
