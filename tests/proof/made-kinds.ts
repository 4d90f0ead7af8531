import type { PipelineSpec } from "@plimsoll/api";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubectlOf } from "../support/kubectl.ts";
import type { Scheduled } from "./scheduled-kinds.ts";
import type { Scenario } from "./scenario.ts";
import { until } from "./schedules.ts";

/** What a step that makes an object of a kind that the configuration names needs the API for; `kubeconfig` is an administrator's. */
export function scenariosFor({ config, template, finish }: Scheduled, kubeconfig: string): readonly Scenario[] {
  const kubectl = kubectlOf(kubeconfig);
  const plural = `${config.resource}.${config.apiVersion.replace(/\/.*/, "")}`;
  const atom = (verb: string): string => `${verb} ${plural}`;
  const { apiVersion, kind, resource } = config;
  const names = async (namespace: string): Promise<string[]> =>
    (await kubectl("get", plural, "-n", namespace, "-o", "jsonpath={.items[*].metadata.name}")).split(" ").filter(Boolean);
  const ends = "succeeded" in config ? { succeeded: config.succeeded, failed: config.failed } : {};
  // What a schedule's expressions stand in is a step's own here.
  const spec = JSON.parse(JSON.stringify(template.spec).replace("schedule.time", "run.name")) as Record<string, unknown>;
  const pipeline: PipelineSpec = { steps: [{ name: "make", manifest: { apiVersion, kind, spec }, ...ends }] };
  const settings = { kinds: [{ apiVersion, kind, resource }] };
  const finished = async (namespace: string): Promise<void> => {
    if (finish === undefined) return;
    await kubectl("patch", plural, "run--make--1", "-n", namespace, "--subresource=status", "--type=merge", "-p", JSON.stringify(finish));
  };
  const isThere = (namespace: string) => async () => (await names(namespace)).includes("run--make--1");
  return [
    {
      name: "step-of-a-kind",
      shows: "a step's object is made, waited for, and deleted at its end",
      proves: ["watch", "create", "delete"].map(atom),
      async play({ namespace, begin, start, until: untilRun, expecting, seconds }) {
        await expecting("the caches are filled", begin(settings));
        await start(pipeline, { name: "run" });
        await expecting("it is made", until(seconds, isThere(namespace)));
        await finished(namespace);
        await expecting(
          "the run succeeds",
          untilRun("run", ({ status }) => status?.phase === "Succeeded"),
        );
        await expecting(
          "it is deleted",
          until(seconds, async () => !(await isThere(namespace)())),
        );
      },
    },
    {
      name: "step-of-a-kind-listed",
      shows: "where the API server streams no first lists, everything is listed instead",
      proves: [atom("list")],
      isOlder: true,
      async play({ namespace, begin, start, expecting, seconds }) {
        await start(pipeline, { name: "run" });
        await expecting("the caches are filled", begin(settings));
        await expecting("it is made", until(seconds, isThere(namespace)));
      },
    },
    {
      name: "step-of-a-kind-of-others",
      shows: "where something of somebody else's has the name, the run says so",
      proves: [atom("get")],
      async play({ namespace, begin, start, until: untilRun, expecting }) {
        await expecting("the caches are filled", begin(settings));
        const folder = await mkdtemp(join(tmpdir(), "plimsoll-proof-"));
        await writeFile(
          join(folder, "one.json"),
          JSON.stringify({ apiVersion, kind, metadata: { name: "run--make--1", namespace }, spec }),
        );
        await kubectl("create", "-f", join(folder, "one.json"));
        await rm(folder, { recursive: true });
        await start(pipeline, { name: "run" });
        await expecting(
          "the run says whose it is not",
          untilRun("run", ({ status }) => status?.message?.includes("is not this run's") ?? false),
        );
      },
    },
  ];
}
