import type { PipelineSchedule } from "@plimsoll/api";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubectlOf } from "../support/kubectl.ts";
import { definitionOf } from "../support/made-objects.ts";
import { idlePod, simulated } from "../support/cluster.ts";
import type { Scenario, Stage } from "./scenario.ts";
import { until } from "./schedules.ts";

export const applications = definitionOf("SparkApplication", "sparkapplications");

const pod = idlePod("", "").spec;

/** What is scheduled, and its part of the configuration. */
export const scheduledKinds = {
  Job: {
    config: { apiVersion: "batch/v1", kind: "Job", resource: "jobs" },
    template: { apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: { ...pod, ...simulated, restartPolicy: "Never" } } } },
    /** The pod of a Job on a simulated node ends by itself. */
    finish: undefined,
  },
  SparkApplication: {
    config: {
      apiVersion: "example.dev/v1",
      kind: "SparkApplication",
      resource: "sparkapplications",
      succeeded: 'object.status.applicationState.state == "COMPLETED"',
      failed: 'object.status.applicationState.state == "FAILED"',
    },
    template: { apiVersion: "example.dev/v1", kind: "SparkApplication", spec: { arguments: ["${{ schedule.time }}"] } },
    finish: { status: { applicationState: { state: "COMPLETED" } } },
  },
};

export type Scheduled = (typeof scheduledKinds)[keyof typeof scheduledKinds];

/** What a schedule of a kind that the configuration names needs the API for; `kubeconfig` is an administrator's. */
export function scenariosFor({ config, template, finish }: Scheduled, kubeconfig: string): readonly Scenario[] {
  const kubectl = kubectlOf(kubeconfig);
  const plural = `${config.resource}.${config.apiVersion.replace(/\/.*/, "")}`;
  const atom = (verb: string): string => `${verb} ${plural}`;
  const names = async (namespace: string): Promise<string[]> =>
    (await kubectl("get", plural, "-n", namespace, "-o", "jsonpath={.items[*].metadata.name}")).split(" ").filter(Boolean);
  const make = ({ client, namespace }: Stage, spec: Partial<PipelineSchedule["spec"]>) =>
    client("pipelineschedules.plimsoll.dev").create({
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "PipelineSchedule",
      metadata: { namespace, name: "often" },
      spec: { interval: "2s", template, ...spec },
    });
  return [
    {
      name: "of-a-kind",
      shows: "objects of the kind are made at their times, and those that have ended are deleted",
      proves: ["watch", "create", "delete"].map(atom),
      async play(stage) {
        const { namespace, begin, expecting, seconds } = stage;
        await expecting("the caches are filled", begin({ kinds: [config] }));
        await make(stage, { history: { succeeded: 0 } });
        const first = await expecting(
          "one is made",
          until(seconds, async () => (await names(namespace))[0]),
        );
        if (finish !== undefined)
          await kubectl("patch", plural, first, "-n", namespace, "--subresource=status", "--type=merge", "-p", JSON.stringify(finish));
        await expecting(
          "it is deleted when it has ended",
          until(seconds, async () => !(await names(namespace)).includes(first)),
        );
      },
    },
    {
      name: "of-a-kind-listed",
      shows: "where the API server streams no first lists, everything is listed instead",
      proves: [atom("list")],
      isOlder: true,
      async play(stage) {
        const { namespace, begin, expecting, seconds } = stage;
        await make(stage, {});
        await expecting("the caches are filled", begin({ kinds: [config] }));
        await expecting(
          "one is made",
          until(seconds, async () => (await names(namespace)).length > 0),
        );
      },
    },
    {
      name: "of-a-kind-of-others",
      shows: "where something of somebody else's has the name, the schedule says so",
      proves: [atom("get")],
      async play(stage) {
        const { client, namespace, begin, expecting, seconds } = stage;
        await expecting("the caches are filled", begin({ kinds: [config] }));
        const at = new Date(Math.ceil(Date.now() / 1000) * 1000 + 20_000);
        const digits = at.toISOString().replace(/\D/g, "");
        const name = `often-${digits.slice(0, digits.slice(12, 14) === "00" ? 12 : 14)}`;
        const folder = await mkdtemp(join(tmpdir(), "plimsoll-proof-"));
        await writeFile(join(folder, "one.json"), JSON.stringify({ ...template, metadata: { name, namespace } }));
        await kubectl("create", "-f", join(folder, "one.json"));
        await rm(folder, { recursive: true });
        await make(stage, { interval: "1h", start: at.toISOString().replace(".000", "") });
        await expecting(
          "the status says whose it is",
          until(seconds, async () => {
            const { status } = await client("pipelineschedules.plimsoll.dev").get({ namespace, name: "often" });
            return status?.conditions?.some(({ type, message }) => type === "Starting" && message.includes("belongs to somebody else"));
          }),
        );
      },
    },
  ];
}
