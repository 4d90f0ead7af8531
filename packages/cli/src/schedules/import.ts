import { formatProblem, readDocuments } from "@plimsoll/api";
import { imported, type Imported } from "@plimsoll/features/schedules";
import { Command, Option } from "commander";
import { UsageError } from "../failure.ts";
import { readSource } from "../source-text.ts";
import { formatDocuments, formatObject, listOf } from "../output/output.ts";

/** Of one schedule, no more times that differ are told. */
const mostTold = 3;

/** `plimsoll schedules import`: schedules that do what CronJobs and CronWorkflows did. */
export function importCommand(): Command {
  return new Command("import")
    .description("make schedules of CronJobs and of Argo's CronWorkflows, and name those whose times would change")
    .argument("<file...>", "YAML or JSON files, or - for standard input")
    .option("--like-cronjob", "leave out times that clocks don't show, and run twice for those that they show twice, as a CronJob does")
    .addOption(new Option("-o, --output <format>", "how to print").choices(["yaml", "json"]).default("yaml"))
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll schedules import cronjobs.yaml > schedules.yaml\n  kubectl get cronjobs -A -o yaml | plimsoll schedules import --like-cronjob -\n\nOther kinds are left out. Exit code 2 where something can't be imported, or there is nothing to.",
    )
    .action(async (files: string[], options: { likeCronjob?: boolean; output: "yaml" | "json" }) => {
      const made: Imported[] = [];
      let faults = 0;
      for (const file of files) {
        const { documents, problems } = readDocuments(await readSource(file));
        problems.push(...documents.flatMap(({ ambiguities }) => ambiguities));
        if (problems.length > 0) throw new UsageError(problems.map((problem) => formatProblem(file, problem)).join("\n       "));
        for (const object of documents.flatMap(({ value }) => itemsOf(value))) {
          const found = imported(object, options.likeCronjob ?? false, Date.now());
          if (found === undefined) continue;
          if ("schedule" in found) {
            made.push(found);
            tell(found);
          } else {
            faults += 1;
            for (const problem of found.problems)
              console.error(`${file}: ${found.name}: can't be imported: ${formatProblem("", problem).replace(/^: /, "")}`);
          }
        }
      }
      const schedules = made.map(({ schedule }) => schedule);
      if (schedules.length > 0)
        console.log(options.output === "json" ? formatObject(listOf(schedules), "json") : formatDocuments(schedules));
      if (faults > 0) throw new UsageError(`${faults} of ${faults + schedules.length} can't be imported`);
      if (schedules.length === 0) throw new UsageError(`${files.join(", ")}: there is no CronJob and no CronWorkflow in it`);
    });
}

function itemsOf(value: unknown): unknown[] {
  if (typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items)) return value.items;
  return [value];
}

function tell({ schedule, differences, notes }: Imported): void {
  const { namespace, name } = schedule.metadata;
  const title = namespace === undefined ? name : `${namespace}/${name}`;
  for (const note of notes) console.error(`${title}: note: ${note}`);
  if (differences.length === 0) return;
  const zone = schedule.spec.timeZone ?? "UTC";
  console.error(`${title}: ${differences.length} times within two years would change:`);
  for (const { local, runs } of differences.slice(0, mostTold))
    console.error(`  ${local} ${zone}: ${runs === "here" ? "a run here, and none of before" : "none here, where there was one before"}`);
  if (differences.length > mostTold) console.error(`  and ${differences.length - mostTold} more`);
}
