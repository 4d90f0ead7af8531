import { accountsIn, kindsIn, listsOf, mostTimes, type Backfill, type PipelineSchedule } from "@plimsoll/api";
import { parseValue } from "@plimsoll/features/pipelines";
import { rulesOf, timesBetween, timeText } from "@plimsoll/features/schedules";
import { Command, Option } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { Failure, UsageError } from "../failure.ts";
import { check } from "../manifest.ts";
import { printList } from "../output/listing.ts";
import { formatOne, qualifiedName, withObject, withTable, type Column, type Format, type ObjectFormat } from "../output/output.ts";
import { nameOf, orMissing } from "../connect/missing.ts";
import { scheduleName, withSchedule } from "./of-schedule.ts";
import { parseTime } from "./run.ts";
import { summaries } from "../summaries.ts";
import { visible } from "../output/visible.ts";

interface BackfillOptions extends ClusterOptions {
  from: number;
  to: number;
  parallel?: number;
  reverse?: boolean;
  rerun: "none" | "failed" | "all";
  onFailure: "continue" | "stop";
  name?: string;
  dryRun?: boolean;
  output?: ObjectFormat;
}

/** `plimsoll backfill`: the times of a schedule in a range, run again. */
export function backfillCommand(): Command {
  return new Command("backfill")
    .description(summaries.backfill.description)
    .addHelpText(
      "after",
      `
Examples:
  plimsoll backfill nightly --from 2027-01-01 --to 2027-01-31 --parallel 3
  plimsoll backfill nightly --from 2027-01-01 --to 2027-01-31 --dry-run
  plimsoll backfill list
  plimsoll backfill cancel nightly-x7k2p`,
    )
    .addCommand(createCommand(), { isDefault: true })
    .addCommand(listCommand())
    .addCommand(ofCancel("cancel", true).description("start no more runs of backfills, and cancel those that go on"))
    .addCommand(ofCancel("resume", false).description("go on with cancelled backfills: what wasn't run to its end is run again"));
}

function createCommand(): Command {
  return withObject(withCluster(new Command("create")), "how to print the new backfill")
    .description("create a backfill of a schedule")
    .argument("<schedule>", "the schedule's name", scheduleName)
    .requiredOption("--from <time>", "the first time, as in 2027-01-01 or 2027-01-01T02:00:00+01:00; a day begins in UTC", parseTime)
    .requiredOption("--to <time>", "the last time; a day ends in UTC", (text) => parseTime(text) + (text.includes("T") ? 0 : 86_399_000))
    .option("--parallel <count>", "how many runs go on at once (default: 1)", parseCount)
    .option("--reverse", "the last time first")
    .addOption(new Option("--rerun <which>", "of the times that have a run already").choices(["none", "failed", "all"]).default("none"))
    .addOption(new Option("--on-failure <what>", "when a run fails").choices(["continue", "stop"]).default("continue"))
    .option("--name <name>", "the backfill's name (default: the schedule's with a random ending)")
    .option("--dry-run", "print the times that the schedule has in the range, and create nothing")
    .addHelpText("after", "\nExamples:\n  plimsoll backfill nightly --from 2027-01-01 --to 2027-01-31T23:59:59Z --parallel 3 --reverse")
    .action((schedule: string, options: BackfillOptions) =>
      connected(options, async (client, namespace) => {
        const { from, to } = options;
        if (from > to) throw new UsageError("--from is after --to: change them over");
        const read = client("pipelineschedules.plimsoll.dev").get({ namespace, name: schedule });
        const known = await withSchedule(schedule, namespace, read);
        const found = rulesOf(known, parseValue);
        if ("problems" in found) return check(`schedule ${schedule}`, found.problems);
        const { timing } = found.rules;
        const times = timesBetween(timing, from, to, mostTimes);
        if (times === undefined)
          throw new UsageError(`more than ${mostTimes} times of "${schedule}" lie between --from and --to: give several backfills`);
        if (times.length === 0) throw new Failure(`"${schedule}" has no time between ${timeText(from)} and ${timeText(to)}`);
        if (options.dryRun) {
          for (const time of options.reverse ? times.toReversed() : times)
            console.log(`${timeText(time)}  ${timeText(timing.zone.wallAt(time)).slice(0, -1).replace("T", " ")} ${timing.zone.name}`);
          return;
        }
        const created = await client("backfills.plimsoll.dev").create(backfillOf(known, namespace, options));
        console.log(options.output ? formatOne(created, options.output) : `${qualifiedName(created)} created: ${times.length} times`);
      }),
    );
}

function backfillOf({ metadata, spec }: PipelineSchedule, namespace: string, options: BackfillOptions): Backfill {
  const { name: schedule = "" } = metadata;
  const { from, to, parallel, reverse, rerun, onFailure, name } = options;
  return {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "Backfill",
    metadata: { namespace, ...(name === undefined ? { generateName: `${schedule}-` } : { name }) },
    spec: {
      schedule,
      from: timeText(from),
      to: timeText(to),
      ...listsOf({ serviceAccountNames: accountsIn(spec.template, schedule), manifestKinds: kindsIn(spec.template, schedule) }),
      rerun,
      onFailure,
      ...(parallel === undefined ? {} : { parallel }),
      ...(reverse === undefined ? {} : { reverse }),
    },
  };
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1 || count > 1000)
    throw new UsageError(`--parallel ${text}: give a whole number from 1 to 1000`);
  return count;
}

function listCommand(): Command {
  return withTable(withCluster(new Command("list").alias("ls")))
    .description("list backfills")
    .option("-A, --all-namespaces", "of every namespace")
    .addHelpText("after", "\nExamples:\n  plimsoll backfill list\n  plimsoll backfill list -A -o wide")
    .action((options: ClusterOptions & { allNamespaces?: boolean; output: Format }) =>
      connected(options, async (client, namespace) => {
        const found = await Array.fromAsync(client("backfills.plimsoll.dev").list(options.allNamespaces ? {} : { namespace }));
        printList(found, columns, { ...options, what: "backfills", namespace });
      }),
    );
}

const columns: readonly Column<Backfill>[] = [
  { heading: "NAME", cell: ({ metadata }) => metadata.name ?? "" },
  { heading: "SCHEDULE", cell: ({ spec }) => spec.schedule },
  { heading: "PHASE", cell: ({ status }) => status?.phase ?? "Pending" },
  { heading: "DONE", cell: ({ status }) => status?.progress ?? "" },
  { heading: "ACTIVE", cell: ({ status }) => String(status?.active ?? 0) },
  { heading: "FROM", cell: ({ spec }) => spec.from },
  { heading: "TO", cell: ({ spec }) => spec.to },
  { heading: "FAILED", wide: true, cell: ({ status }) => status?.failed ?? "" },
  { heading: "MESSAGE", wide: true, cell: ({ status }) => visible(status?.message ?? "") },
];

const backfillName = nameOf("backfill");

function ofCancel(verb: string, cancel: boolean): Command {
  return withCluster(new Command(verb))
    .argument("<backfill...>", "the backfills' names", (text: string, before: readonly string[] = []) => [...before, backfillName(text)])
    .addHelpText("after", `\nExamples:\n  plimsoll backfill ${verb} nightly-x7k2p`)
    .action((names: string[], options: ClusterOptions) =>
      connected(options, async (client, namespace) => {
        for (const name of names) {
          const backfills = client("backfills.plimsoll.dev");
          const whatToDo = `no backfill "${name}" in namespace "${namespace}": see \`plimsoll backfill list -n ${namespace}\``;
          const { status } = await orMissing(backfills.get({ namespace, name }), whatToDo);
          if (status?.phase === "Succeeded" || status?.phase === "Failed") {
            console.log(`backfill "${name}" has ended already (${status.phase})`);
            continue;
          }
          await orMissing(backfills.patch({ namespace, name }, { spec: { cancel } }), whatToDo);
          console.log(`backfill "${name}" ${cancel ? "is being cancelled" : "goes on"}`);
        }
      }),
    );
}
