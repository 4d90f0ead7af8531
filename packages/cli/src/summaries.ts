import type { Summary } from "./load.ts";

/** The commands of `plimsoll`, in the order of its help: which then needs to load none of them. */
export const summaries = {
  run: {
    arguments: "<file|name>",
    description:
      "start a run of a pipeline: from a FILE with a Pipeline or a PipelineRun, or of the Pipeline with that NAME in the cluster",
  },
  list: { alias: "ls", arguments: "", description: "list pipeline runs, newest first" },
  get: { arguments: "<run>", description: "show a run: its steps as a tree, what each did, and why it waits or failed" },
  logs: {
    arguments: "<run> [step]",
    description: "print what a run's steps write: every item, each line with its step, item and further try before it",
  },
  cancel: {
    arguments: "<run...>",
    description: "stop runs: no further step starts, and the pods that run are ended; finished steps keep their results",
  },
  delete: { alias: "rm", arguments: "<run...>", description: "delete runs with their pods, logs and workspaces" },
  schedules: {
    options: false,
    arguments: "",
    description: "schedules: list them and their next times, start one by hand, suspend and resume, import CronJobs",
  },
  backfill: {
    options: false,
    arguments: "",
    description: "run the times of a schedule in a range: create a backfill, list, cancel and resume them",
  },
  spark: {
    options: false,
    arguments: "",
    description: "Spark applications: list them, how they stand, their logs and UI, end and resume them, and what drivers run as",
  },
  bigdata: {
    options: false,
    arguments: "",
    description: "environments of Ocean for Spark (BigDataEnvironments): list them, switch them on and off, and have them purged",
  },
  workloads: {
    options: false,
    arguments: "",
    description: "workload sets: write them, show what they would change, how they stand, and delete them",
  },
  drain: {
    arguments: "[nodes...]",
    description:
      "move the pods off nodes by a Drain, which the controller carries out, and follow it; the nodes stay cordoned until `plimsoll undrain`",
  },
  undrain: {
    arguments: "<nodes...>",
    description: "take nodes out of their Drains, which uncordon what they have cordoned; a Drain of these nodes alone is deleted",
  },
  lint: {
    arguments: "<file...>",
    description:
      "check files with Pipelines, PipelineRuns, PipelineSchedules, Backfills, WorkloadSets, RightSizingPolicies, SparkApplications and ScheduledSparkApplications without a cluster, as the controller, the API server and container runtimes do",
  },
  schema: {
    options: false,
    arguments: "<kind>",
    description: "print the JSON Schema of a kind, by which editors complete and check files",
  },
  inventory: { arguments: "[view]", description: "what there is for pods, what they ask for, and what is used" },
  cost: { arguments: "", description: "what nodes cost by a price book, and which pods: an hour, or since some time" },
  rightsizing: {
    arguments: "",
    description: "what containers should ask for by what they use, as the RightSizingPolicies say, and what that would save",
  },
  config: { options: false, arguments: "", description: "the controller's configuration file: check one, or print its schema" },
  permissions: { options: false, arguments: "", description: "what roles grant: Plimsoll's own, those of files, those of a cluster" },
  install: { arguments: "", description: "install Plimsoll into a cluster: shows what is to be made, asks, and waits until it runs" },
  upgrade: {
    arguments: "",
    description: "bring an installation to this program's version, or to other values: shows what changes, asks, and waits until it runs",
  },
  uninstall: {
    arguments: "",
    description: "take away what `plimsoll install` made; runs, pipelines and Plimsoll's kinds stay, unless --delete-data is given",
  },
  status: {
    arguments: "",
    description: "how an installation is: its processes and who leads, kinds, features, extensions; code 1 when it isn't healthy",
  },
  version: { arguments: "", description: "this program's version, those of the controllers in the cluster, and Kubernetes'" },
  extensions: {
    options: false,
    arguments: "",
    description: "what the controller's features may read beside what they declare: kinds of others, as RayClusters",
  },
} as const satisfies Record<string, Summary>;
