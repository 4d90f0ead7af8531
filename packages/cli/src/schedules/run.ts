import { type PipelineRun } from "@plimsoll/api";
import { parseValue } from "@plimsoll/features/pipelines";
import { kindOf, objectFor, rulesOf } from "@plimsoll/features/schedules";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { Failure, UsageError } from "../failure.ts";
import { check } from "../manifest.ts";
import { formatOne, qualifiedName, withObject, type ObjectFormat } from "../output/output.ts";
import { watchRun } from "../runs/watch.ts";
import { scheduleName, withSchedule } from "./of-schedule.ts";

interface RunOptions extends ClusterOptions {
  time?: number;
  watch?: boolean;
  output?: ObjectFormat;
}

/** `plimsoll schedules run`: a run of a schedule by hand. */
export function runCommand(): Command {
  return withObject(withCluster(new Command("run")), "how to print the new run")
    .description("start a run of a schedule now; it counts neither for the schedule's concurrency nor for its history")
    .argument("<schedule>", "the schedule's name", scheduleName)
    .option("--time <time>", "the time that the run is for, as in 2027-03-28T02:30:00Z (default: now)", parseTime)
    .option("-w, --watch", "stay until the run ends; exit code 1 when it failed")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll schedules run nightly --watch\n  plimsoll schedules run nightly --time 2027-01-31T02:00:00Z",
    )
    .action((name: string, options: RunOptions) =>
      connected(options, async (client, namespace) => {
        const read = client("pipelineschedules.plimsoll.dev").get({ namespace, name });
        const schedule = await withSchedule(name, namespace, read);
        const found = rulesOf(schedule, parseValue);
        if ("problems" in found) check(`schedule ${name}`, found.problems);
        else {
          const { kind } = kindOf(schedule.spec.template);
          if (kind !== "PipelineRun") throw new Failure(`schedule "${name}" makes a ${kind}: this command starts PipelineRuns alone`);
          const time = options.time ?? Math.floor(Date.now() / 1000) * 1000;
          const owner = { kind: "PipelineSchedule" as const, namespace, name, uid: schedule.metadata.uid ?? "" };
          const making = { owner, schedule: name, template: schedule.spec.template, timing: found.rules.timing, language: parseValue };
          const created = await client("pipelineruns.plimsoll.dev").create(byHand(objectFor(time, making) as PipelineRun, name));
          console.log(options.output ? formatOne(created, options.output) : `${qualifiedName(created)} created`);
          if (options.watch) await watchRun(client, created);
        }
      }),
    );
}

/** A run that goes with its schedule, but isn't the schedule's own: it has a name and a place of its own. */
function byHand(run: PipelineRun, schedule: string): PipelineRun {
  const { name: _, ownerReferences, ...metadata } = run.metadata;
  const [owner] = ownerReferences as object[];
  return { ...run, metadata: { ...metadata, generateName: `${schedule}-`, ownerReferences: [{ ...owner, controller: false }] } };
}

/** A time as it is given to a command. A UsageError says the form. */
export function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time) || !/^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/.test(text))
    throw new UsageError(`"${text}" is not a time: give a day, or a time with its offset, as in 2027-03-28 or 2027-03-28T02:30:00+01:00`);
  return time;
}
