import type { PipelineRun, PipelineSpec, Step } from "@plimsoll/api";
import { simulated } from "../support/cluster.ts";
import type { Scenario } from "./scenario.ts";

const step = (name: string, more: Partial<Step>): Step => ({ name, image: "busybox", ...more });
const fan = step("fan", { forEach: ["a", "b"], script: "echo ${{ item }}" });
const is =
  (phase: string) =>
  ({ status }: PipelineRun): boolean => {
    if (status?.finishedAt !== undefined && status.phase !== phase) throw new Error(`the run is ${status.phase}: ${status.message}`);
    return status?.finishedAt !== undefined;
  };

/** All that the pipelines feature needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "named-pipeline",
    shows: "a run of a named Pipeline, with a workspace and a fan-out of scripts, runs to its end",
    proves: [
      "list pipelineruns.plimsoll.dev",
      "watch pipelineruns.plimsoll.dev",
      "patch pipelineruns.plimsoll.dev/status",
      "get pipelines.plimsoll.dev",
      "list jobs.batch",
      "create jobs.batch",
      "list pods",
      "create configmaps",
      "create persistentvolumeclaims",
    ],
    async play({ client, namespace, begin, start, until, expecting }) {
      await expecting("the caches are filled", begin());
      const spec: PipelineSpec = { workspace: { size: "1Mi" }, steps: [fan, step("join", { needs: ["fan"], command: ["true"] })] };
      await client("pipelines.plimsoll.dev").create({
        apiVersion: "plimsoll.dev/v1alpha1",
        kind: "Pipeline",
        metadata: { namespace, name: "greet" },
        spec,
      });
      await start(undefined, { name: "run", pipelineRef: { name: "greet" } });
      await expecting("the run succeeds", until("run", is("Succeeded")));
    },
  },
  {
    name: "failing-step",
    shows: "a step whose Job is given up fails its run, with the exit code",
    proves: ["watch jobs.batch"],
    async play({ begin, start, until, expecting }) {
      await expecting("the caches are filled", begin());
      await start({ steps: [step("fail", { script: "exit 3" })] }, { name: "run" });
      await expecting(
        "the run fails with the step's exit code",
        until("run", (run) => is("Failed")(run) && (run.status?.message ?? "").includes("exit code 3")),
      );
    },
  },
  {
    name: "cancelled-run",
    shows: "a step whose pod no node takes says so, and its Job is ended when the run is cancelled",
    proves: ["delete jobs.batch", "watch pods"],
    async play({ client, namespace, begin, start, until, expecting }) {
      await expecting("the caches are filled", begin());
      await start({ pod: { nodeSelector: { none: "such" } }, steps: [step("wait", { command: ["true"] })] }, { name: "run" });
      await expecting(
        "the step says why it waits",
        until("run", ({ status }) => status?.steps?.["wait"]?.message?.includes("nodes are available") ?? false),
      );
      await client("pipelineruns.plimsoll.dev").patch({ namespace, name: "run" }, { spec: { cancel: true } });
      await expecting("the run is cancelled", until("run", is("Cancelled")));
      const left = await Array.fromAsync(client("jobs.batch").list({ namespace }));
      await expecting(
        "its Job is gone",
        left.some(({ metadata }) => metadata.deletionTimestamp === undefined) ? Promise.reject(new Error("it is left")) : Promise.resolve(),
      );
    },
  },
  {
    name: "lost-answers",
    shows: "what was created, though the answer was lost, is taken for the run's own",
    proves: ["get configmaps", "get persistentvolumeclaims"],
    losesAnswer: ({ method, path }) => method === "POST" && /\/(configmaps|persistentvolumeclaims)$/.test(path),
    async play({ begin, start, until, expecting }) {
      await expecting("the caches are filled", begin());
      await start({ workspace: { size: "1Mi" }, steps: [fan] }, { name: "run" });
      await expecting("the run succeeds", until("run", is("Succeeded")));
    },
  },
  {
    name: "anothers-job",
    shows: "a Job of the same name that is another's is left alone, and the run goes on once it is gone",
    proves: ["get jobs.batch"],
    async play({ client, namespace, begin, start, until, expecting }) {
      const spec = { suspend: true, template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox" }] } } };
      await client("jobs.batch").create({ metadata: { namespace, name: "run--greet" }, spec });
      await expecting("the caches are filled", begin());
      await start({ pod: simulated, steps: [step("greet", { command: ["true"] })] }, { name: "run" });
      await expecting(
        "the run says whose the Job is not",
        until("run", ({ status }) => status?.message?.includes("is not this run's") ?? false),
      );
      await client("jobs.batch").delete({ namespace, name: "run--greet" }, { propagationPolicy: "Background" });
      await expecting("the run succeeds", until("run", is("Succeeded")));
    },
  },
];
