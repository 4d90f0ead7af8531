import { pipelineSchedule, type PipelineSchedule } from "@plimsoll/api";
import { timeText } from "@plimsoll/features/schedules";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { elapsed, formatDuration } from "../output/duration.ts";
import { UsageError } from "../failure.ts";
import { printList } from "../output/listing.ts";
import { readManifest } from "../manifest.ts";
import { formatObject, withTable, type Column, type Format } from "../output/output.ts";
import { formatTable } from "../output/table.ts";
import { visible } from "../output/visible.ts";
import { comingOf } from "./next.ts";

interface ListOptions extends ClusterOptions {
  allNamespaces?: boolean;
  next?: number;
  file?: string;
  output: Format;
}

/** `plimsoll schedules [list]`: the schedules of a namespace or a file, or their next times. */
export function listCommand(): Command {
  return withTable(withCluster(new Command("list").alias("ls")))
    .description("list schedules, or with --next the times that come next")
    .option("-A, --all-namespaces", "of every namespace")
    .option("--next <count>", "the next times of all of them, in their order", positive)
    .option("-f, --file <file>", "the schedules of a file, without a cluster")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll schedules\n  plimsoll schedules --next 10 -A\n  plimsoll schedules --next 10 -f schedule.yaml",
    )
    .action(async (options: ListOptions) => {
      const schedules = await schedulesOf(options);
      if (options.next !== undefined) return printNext(schedules, options.next, options.output);
      printList(schedules, columns(Date.now()), { ...options, what: "schedules" });
    });
}

function positive(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1 || count > 10_000)
    throw new UsageError(`--next ${text}: give a whole number from 1 to 10000`);
  return count;
}

async function schedulesOf(options: ListOptions): Promise<PipelineSchedule[]> {
  if (options.file !== undefined) return (await readManifest(options.file, [pipelineSchedule])).map(({ object }) => object);
  return connected(options, (client, namespace) =>
    Array.fromAsync(client("pipelineschedules.plimsoll.dev").list(options.allNamespaces ? {} : { namespace })),
  );
}

function printNext(schedules: readonly PipelineSchedule[], count: number, output: Format): void {
  const coming = comingOf(schedules, count, Date.now());
  if (output === "json" || output === "yaml") {
    const data = coming.map(({ schedule: { metadata }, time, local }) => ({
      time: timeText(time),
      local,
      namespace: metadata.namespace,
      schedule: metadata.name,
    }));
    return console.log(formatObject(data, output));
  }
  if (coming.length === 0) return console.error("No times to come.");
  if (output === "name") return console.log(coming.map(({ time, schedule }) => `${timeText(time)} ${schedule.metadata.name}`).join("\n"));
  console.log(
    formatTable(
      ["TIME", "LOCAL", "SCHEDULE"],
      coming.map(({ time, local, schedule: { metadata } }) => [timeText(time), local, metadata.name ?? ""]),
    ),
  );
}

function columns(now: number): Column<PipelineSchedule>[] {
  const since = (time: string | undefined): string => {
    const ms = elapsed(time, undefined, now);
    return ms === undefined ? "" : formatDuration(ms);
  };
  const until = (time: string | undefined): string => (time === undefined ? "" : formatDuration(Date.parse(time) - now));
  return [
    { heading: "NAME", cell: ({ metadata }) => metadata.name ?? "" },
    { heading: "WHEN", cell: ({ spec }) => spec.cron?.join("; ") ?? `every ${spec.interval}` },
    { heading: "ZONE", cell: ({ spec }) => spec.timeZone ?? "UTC" },
    { heading: "STATE", cell: stateOf },
    { heading: "ACTIVE", cell: ({ status }) => String(status?.active ?? 0) },
    { heading: "LAST", cell: ({ status }) => since(status?.lastRun?.time) },
    { heading: "NEXT", cell: ({ status }) => until(status?.next?.[0]) },
    { heading: "LAST RUN", wide: true, cell: ({ status }) => status?.lastRun?.name ?? "" },
    { heading: "LAST SUCCESS", wide: true, cell: ({ status }) => since(status?.lastSuccess) },
    { heading: "WAITING", wide: true, cell: ({ status }) => String(status?.queue?.length ?? 0) },
    {
      heading: "MESSAGE",
      wide: true,
      cell: ({ status }) => visible(status?.conditions?.find(({ status }) => status === "False")?.message ?? ""),
    },
  ];
}

function stateOf({ spec, status }: PipelineSchedule): string {
  const failing = status?.conditions?.find(({ status }) => status === "False");
  if (failing !== undefined) return failing.type === "Valid" ? "Invalid" : "Failing";
  return spec.suspend ? "Suspended" : "On";
}
