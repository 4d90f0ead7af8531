import type { Dashboard, Row } from "./panel.ts";
import { hourly, quantileOf, rate, target } from "./query.ts";
import { ofRightSizing } from "./rightsizing-row.ts";
import { ofSchedules } from "./schedules-row.ts";
import { ofSpark } from "./spark-row.ts";
import { ofWorkloads } from "./workloads-row.ts";

const pipelines = `${target},pipeline=~"$pipeline"`;

/** Counted by each process that has been the leader, so that one may still show what another has seen since. */
const runs = (phases = ".*"): string =>
  `max by (job, namespace, pipeline, phase) (plimsoll_pipelines_runs{${pipelines},phase=~"${phases}"})`;

const ended = "plimsoll_pipelines_run_duration_seconds";
const steps = "plimsoll_pipelines_step_duration_seconds";

/** Runs that hold their pipeline themselves have an empty label. */
const byPipeline = (expression: string): string => `label_replace(${expression}, "pipeline", "(in the run)", "pipeline", "")`;

const runDuration = (quantile: number): string =>
  byPipeline(`histogram_quantile(${quantile}, sum by (le, pipeline) (${hourly(`${ended}_bucket`, `${pipelines},phase="Succeeded"`)}))`);

const stepDuration = (quantile: number): string =>
  `histogram_quantile(${quantile}, sum by (le) (${hourly(`${steps}_bucket`, `${pipelines},phase="Succeeded"`)}))`;

const ofRuns: Row = {
  title: "Runs",
  panels: [
    {
      title: "Runs by phase",
      description: "The runs that there are, those that have ended among them until they are deleted.",
      unit: "short",
      isStacked: true,
      isColoured: true,
      queries: { "{{phase}}": `sum by (phase) (${runs()})` },
    },
    {
      title: "Runs that started and ended a minute",
      description:
        "Over 5 minutes. Started: what ended, and what there is more of that has not; a run that is deleted before its end counts less.",
      unit: "cpm",
      isColoured: true,
      queries: {
        "{{phase}}": `60 * sum by (phase) (rate(${ended}_count{${pipelines}}[5m]))`,
        started: `clamp_min(60 * ((sum(rate(${ended}_count{${pipelines}}[5m])) or vector(0)) + deriv(sum(${runs("Pending|Running")})[5m:30s])), 0)`,
      },
    },
    {
      title: "Failed, of the runs that ended in an hour",
      unit: "percentunit",
      thresholds: [[0.5, "red"]],
      queries: {
        "{{pipeline}}": byPipeline(
          `sum by (pipeline) (${hourly(`${ended}_count`, `${pipelines},phase="Failed"`)}) / sum by (pipeline) (${hourly(`${ended}_count`, pipelines)})`,
        ),
      },
    },
    {
      title: "Duration of runs that succeeded, p50",
      description: "Of those that ended in the hour before.",
      unit: "s",
      width: 12,
      queries: { "{{pipeline}}": runDuration(0.5) },
    },
    {
      title: "Duration of runs that succeeded, p95",
      description: "Of those that ended in the hour before.",
      unit: "s",
      width: 12,
      queries: { "{{pipeline}}": runDuration(0.95) },
    },
  ],
};

const ofSteps: Row = {
  title: "Steps",
  panels: [
    {
      title: "Steps that ended a minute",
      unit: "cpm",
      isStacked: true,
      isColoured: true,
      queries: { "{{phase}}": `60 * sum by (phase) (${rate("plimsoll_pipelines_steps_total", pipelines)})` },
    },
    {
      title: "Duration of steps that succeeded",
      description: "Of those that ended in the hour before.",
      unit: "s",
      queries: { p50: stepDuration(0.5), p95: stepDuration(0.95) },
    },
    {
      title: "Retries of items a minute, by reason",
      description: "ExitCode, OOM and InvalidOutputs are the program's; Disruption, NeverStarted and NodeLost are the cluster's.",
      unit: "cpm",
      isStacked: true,
      queries: { "{{reason}}": `60 * sum by (reason) (${rate("plimsoll_pipelines_retries_total", pipelines)})` },
    },
  ],
};

const ofController: Row = {
  title: "Controller",
  panels: [
    {
      title: "Leaders",
      description: "Has to be 1 for each installation.",
      unit: "short",
      kind: "stat",
      width: 4,
      thresholds: [
        [0, "red"],
        [1, "green"],
        [2, "red"],
      ],
      queries: { "{{namespace}} {{name}}": `sum by (namespace, name) (leader_election_master_status{${target}})` },
    },
    {
      title: "Who leads",
      unit: "short",
      isStacked: true,
      queries: { "{{pod}} {{instance}}": `max by (pod, instance) (leader_election_master_status{${target}})` },
    },
    {
      title: "Keys in the queues",
      description: "Some come and go with each run. Worry when those that wait don't become fewer.",
      unit: "short",
      width: 12,
      queries: {
        "{{name}}: wait": `sum by (name) (workqueue_depth{${target}})`,
        "{{controller}}: worked on": `sum by (controller) (controller_runtime_active_workers{${target}})`,
      },
    },
    {
      title: "Time in the queue, p95",
      unit: "s",
      queries: { "{{name}}": quantileOf(0.95, "workqueue_queue_duration_seconds", "name") },
    },
    {
      title: "Reconcile time",
      unit: "s",
      queries: {
        "{{controller}} p50": quantileOf(0.5, "controller_runtime_reconcile_time_seconds", "controller"),
        "{{controller}} p95": quantileOf(0.95, "controller_runtime_reconcile_time_seconds", "controller"),
      },
    },
    {
      title: "Longest reconciliation under way",
      unit: "s",
      thresholds: [[600, "red"]],
      queries: { "{{name}}": `max by (name) (workqueue_longest_running_processor_seconds{${target}})` },
    },
    {
      title: "Reconciliations",
      unit: "ops",
      isStacked: true,
      isColoured: true,
      queries: { "{{result}}": `sum by (result) (${rate("controller_runtime_reconcile_total")})` },
    },
    {
      title: "Failed reconciliations, of all",
      unit: "percentunit",
      thresholds: [[0.1, "red"]],
      queries: {
        "{{controller}}": `sum by (controller) (${rate("controller_runtime_reconcile_total", `${target},result="error"`)}) / sum by (controller) (${rate("controller_runtime_reconcile_total")})`,
      },
    },
    {
      title: "Retries a minute, by feature",
      description: "What could not be done and is tried again: the log says what and why, at level warn.",
      unit: "cpm",
      queries: { "{{feature}}": `60 * sum by (feature) (${rate("plimsoll_retries_total")})` },
    },
    {
      title: "Answers of the API server, by code",
      description: "401 and 403: its credentials or its role. 409: written by two at once. 429: more than the API server takes.",
      unit: "reqps",
      queries: { "{{code}}": `sum by (code) (${rate("rest_client_requests_total")})` },
    },
    {
      title: "Watches begun again a minute, by resource",
      unit: "cpm",
      queries: { "{{resource}}": `60 * sum by (resource) (${rate("plimsoll_watch_restarts_total")})` },
    },
    {
      title: "Events a minute, by result",
      description: "What users see with kubectl describe. One that is dropped is lost.",
      unit: "cpm",
      isColoured: true,
      queries: { "{{result}}": `60 * sum by (result) (${rate("plimsoll_events_total")})` },
    },
  ],
};

const ofProcess: Row = {
  title: "Process",
  panels: [
    {
      title: "Memory",
      unit: "bytes",
      queries: {
        "{{pod}} {{instance}} resident": `max by (pod, instance) (process_resident_memory_bytes{${target}})`,
        "{{pod}} {{instance}} heap in use": `max by (pod, instance) (nodejs_heap_size_used_bytes{${target}})`,
      },
    },
    {
      title: "CPU",
      description: "Cores. It decides on one, so that it is busy at 1.",
      unit: "short",
      queries: { "{{pod}} {{instance}}": `sum by (pod, instance) (${rate("process_cpu_seconds_total")})` },
    },
    {
      title: "Event-loop lag, p99",
      description: "Of the time since the scrape before.",
      unit: "s",
      thresholds: [[0.5, "red"]],
      queries: { "{{pod}} {{instance}}": `max by (pod, instance) (nodejs_eventloop_lag_p99_seconds{${target}})` },
    },
  ],
};

export const dashboard: Dashboard = {
  title: "Plimsoll",
  uid: "plimsoll",
  description: "Runs of pipelines, their schedules, workload sets, and the controller that runs them.",
  variables: [
    { name: "job", label: "Job", series: "plimsoll_retries_total" },
    { name: "namespace", label: "Namespace", series: 'plimsoll_retries_total{job=~"$job"}', isOptional: true },
    { name: "pod", label: "Pod", series: 'plimsoll_retries_total{job=~"$job",namespace=~"$namespace"}', isOptional: true },
    {
      name: "instance",
      label: "Instance",
      series: 'plimsoll_retries_total{job=~"$job",namespace=~"$namespace",pod=~"$pod"}',
      isHidden: true,
    },
    { name: "pipeline", label: "Pipeline", series: `plimsoll_pipelines_runs{${target}}`, isOptional: true },
  ],
  rows: [ofRuns, ofSteps, ofSchedules, ofWorkloads, ofSpark, ofRightSizing, ofController, ofProcess],
};
