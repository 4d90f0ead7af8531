import type { PipelineRun, PipelineSpec, Step } from "@plimsoll/api";
import { idlePod, simulated } from "../support/cluster.ts";
import type { Scenario } from "./scenario.ts";
import { until as untilTrue } from "./schedules.ts";

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
    shows: "a run of a named Pipeline, with a workspace and a fan-out, runs to its end",
    proves: [
      "watch pipelineruns.plimsoll.dev",
      "patch pipelineruns.plimsoll.dev/status",
      "get pipelines.plimsoll.dev",
      "watch pods",
      "create pods",
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
    name: "remembering-pipeline",
    shows: "a Pipeline remembers how the pods of its steps with resources.auto went",
    proves: ["patch pipelines.plimsoll.dev/status"],
    async play({ client, namespace, begin, start, until, expecting, seconds }) {
      await expecting("the caches are filled", begin());
      const sized = step("sized", { command: ["true"], resources: { auto: { max: { memory: "64Mi" } } } });
      await client("pipelines.plimsoll.dev").create({
        apiVersion: "plimsoll.dev/v1alpha1",
        kind: "Pipeline",
        metadata: { namespace, name: "sized" },
        spec: { pod: simulated, steps: [sized] },
      });
      await start(undefined, { name: "run", pipelineRef: { name: "sized" } });
      await expecting("the run succeeds", until("run", is("Succeeded")));
      const remembered = untilTrue(seconds, async () => {
        const { status } = await client("pipelines.plimsoll.dev").get({ namespace, name: "sized" });
        return status?.sizing?.["sized"]?.[0]?.tries.length === 1;
      });
      await expecting("the Pipeline has one try of its step", remembered);
    },
  },
  {
    name: "listed-run",
    shows: "a run that was there before the feature began is read and runs",
    proves: ["get pipelineruns.plimsoll.dev"],
    async play({ begin, start, until, expecting }) {
      await start({ pod: simulated, steps: [step("greet", { command: ["true"] })] }, { name: "run" });
      await expecting("the caches are filled", begin());
      await expecting("the run succeeds", until("run", is("Succeeded")));
    },
  },
  {
    name: "older-server",
    shows: "where the API server streams no first lists, everything is listed instead",
    proves: ["list pipelineruns.plimsoll.dev", "list pods", "list poddisruptionbudgets.policy"],
    isOlder: true,
    async play({ begin, start, until, expecting }) {
      await start({ pod: simulated, steps: [step("greet", { command: ["true"] })] }, { name: "run" });
      await expecting("the caches are filled", begin());
      await expecting("the run succeeds", until("run", is("Succeeded")));
    },
  },
  {
    name: "cancelled-run",
    shows: "a step whose pod no node takes says so, and its pod is ended when the run is cancelled",
    proves: ["delete pods"],
    async play({ client, namespace, begin, start, until, expecting }) {
      await expecting("the caches are filled", begin());
      await start({ pod: { nodeSelector: { none: "such" } }, steps: [step("wait", { command: ["true"] })] }, { name: "run" });
      await expecting(
        "the step says why it waits",
        until("run", ({ status }) => status?.steps?.["wait"]?.message?.includes("nodes are available") ?? false),
      );
      await client("pipelineruns.plimsoll.dev").patch({ namespace, name: "run" }, { spec: { cancel: true } });
      await expecting("the run is cancelled", until("run", is("Cancelled")));
      const left = await Array.fromAsync(client("pods").list({ namespace }));
      await expecting(
        "its pod is gone",
        left.some(({ metadata }) => metadata.deletionTimestamp === undefined) ? Promise.reject(new Error("it is left")) : Promise.resolve(),
      );
    },
  },
  {
    name: "expired-run",
    shows: "a run is deleted when its time to live is over",
    proves: ["delete pipelineruns.plimsoll.dev"],
    async play({ begin, start, gone, expecting }) {
      await expecting("the caches are filled", begin());
      await start({ pod: simulated, ttl: { succeeded: "1s" }, steps: [step("greet", { command: ["true"] })] }, { name: "run" });
      await expecting("the run is deleted", gone("run"));
    },
  },
  {
    name: "lost-answers",
    shows: "what was created, though the answer was lost, is taken for the run's own",
    proves: ["get persistentvolumeclaims"],
    losesAnswer: ({ method, path }) => method === "POST" && /\/(pods|persistentvolumeclaims)$/.test(path),
    async play({ begin, start, until, expecting }) {
      await expecting("the caches are filled", begin());
      await start({ workspace: { size: "1Mi" }, steps: [fan] }, { name: "run" });
      await expecting("the run succeeds", until("run", is("Succeeded")));
    },
  },
  {
    name: "budget-over-run",
    shows: "a run says that a PodDisruptionBudget never lets its pods be evicted, also of one that comes later",
    proves: ["watch poddisruptionbudgets.policy"],
    async play({ client, namespace, begin, start, until, expecting }) {
      const budget = (name: string, number: number) =>
        client("poddisruptionbudgets.policy").create({
          metadata: { namespace, name },
          spec: { selector: { matchLabels: { "plimsoll.dev/run": `run-${number}` } }, maxUnavailable: 1 },
        });
      const held =
        (name: string) =>
        ({ status }: PipelineRun): boolean =>
          status?.conditions?.some(({ type, message }) => type === "DisruptionAllowed" && message.includes(`"${name}"`)) ?? false;
      await budget("before", 1);
      await expecting("the caches are filled", begin());
      const pipeline: PipelineSpec = { pod: { nodeSelector: { none: "such" } }, steps: [step("wait", { command: ["true"] })] };
      await start(pipeline, { name: "run-1" });
      await expecting("the first run says which budget holds its pods", until("run-1", held("before")));
      await start(pipeline, { name: "run-2" });
      await expecting(
        "the second run waits",
        until("run-2", ({ status }) => status?.steps?.["wait"]?.message !== undefined),
      );
      await budget("later", 2);
      await expecting("the second run says so, too", until("run-2", held("later")));
    },
  },
  {
    name: "anothers-pod",
    shows: "a pod of the same name that is another's is left alone, and the run goes on once it is gone",
    proves: ["get pods"],
    async play({ client, namespace, begin, start, until, expecting }) {
      await client("pods").create(idlePod(namespace, "run--greet--1"));
      await expecting("the caches are filled", begin());
      await start({ pod: simulated, steps: [step("greet", { command: ["true"] })] }, { name: "run" });
      await expecting(
        "the run says whose the pod is not",
        until("run", ({ status }) => status?.message?.includes("is not this run's") ?? false),
      );
      await client("pods").delete({ namespace, name: "run--greet--1" }, { gracePeriodSeconds: 0 });
      await expecting("the run succeeds", until("run", is("Succeeded")));
    },
  },
];
