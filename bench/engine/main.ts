import { addNamespace, removeNamespace, withTestbed, type Testbed } from "../testbed.ts";
import { chains, type Load } from "../loads.ts";
import { checkoutOf, commitOf, here } from "../checkout.ts";
import { report } from "../table.ts";
import { withBuild } from "./build.ts";
import { choiceOf, type BuildName, type Choice, type Flags } from "./choice.ts";
import { comparisons, modes, type Mode } from "./comparisons.ts";
import { measure, restOf, type Measured } from "./measure.ts";
import { rowsOf } from "./rows.ts";

/** This checkout's build and the baseline's under the same loads, in turns on the same cluster. */
export async function engineBench(flags: Flags): Promise<void> {
  const choice = choiceOf(flags);
  const folders = { new: here, baseline: choice.builds.includes("baseline") ? checkoutOf(commitOf(choice.base)) : "" };
  for (const mode of choice.modes) await compareAll(choice, mode, folders);
}

async function compareAll({ loads, builds, times }: Choice, mode: Mode, folders: Record<BuildName, string>): Promise<void> {
  const { rates, title } = modes[mode];
  await withTestbed({ name: "engine", rates }, async (bed) => {
    // What comes first to a new cluster takes longer.
    await turn(bed, here, 0, chains("warm-up", 10));
    const rest = await restOf(bed);
    for (const [name, comparison] of Object.entries(comparisons)) {
      if (!loads.includes(name)) continue;
      const measured: Record<BuildName, Measured[]> = { baseline: [], new: [] };
      for (const [index, build] of turnsOf(builds, times).entries())
        if (!(build === "baseline" && comparison.isLarge))
          measured[build].push(await turn(bed, folders[build], rest, comparison.make(`${name}-${index}-${build}`)));
      report(`engine, ${name}, ${title}`, rowsOf(comparison, mode, { baseline: middle(measured.baseline), new: middle(measured.new) }));
    }
    report(`engine, at rest, ${title}`, [{ what: "API server's CPU a second", value: rest, unit: "ms" }]);
  });
}

/** Each build as often, the one that was last first the next time: what comes later finds the machine and the cluster otherwise. */
function turnsOf(builds: readonly BuildName[], times: number): BuildName[] {
  return Array.from({ length: times }, (_, time) => (time % 2 === 0 ? builds : builds.toReversed())).flat();
}

/** The one whose wall time is the median. */
function middle(measured: readonly Measured[]): Measured | undefined {
  return measured.toSorted((a, b) => a.wall - b.wall)[Math.floor((measured.length - 1) / 2)];
}

/** One load on one build, which leaves the cluster as it was. */
async function turn(bed: Testbed, folder: string, rest: number, load: Load): Promise<Measured> {
  await addNamespace(bed.client, load.namespace);
  const measured = await withBuild(folder, bed.cluster, (controller) => measure(bed, controller, rest, load));
  await removeNamespace(bed.client, load.namespace);
  return measured;
}
