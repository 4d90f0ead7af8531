import { createSet, idleObjects, objectOr, objectsIn, resources, untilSet } from "../support/workloads.ts";
import type { Scenario, Stage } from "./scenario.ts";
import { until } from "./schedules.ts";

const atomsOf = (...verbs: string[]): string[] => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`));

/** How many objects of that name there are, of all kinds. */
async function count({ client, namespace }: Stage, name: string): Promise<number> {
  const found = await Promise.all(resources.map((resource) => objectOr(client, resource, { namespace, name })));
  return found.filter((object) => object !== undefined).length;
}

/** All that the workloads feature needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "kept-objects",
    shows: "what a set lists of each kind is applied, the set says so, and what it lists no longer is deleted",
    proves: [
      "watch workloadsets.plimsoll.dev",
      "get workloadsets.plimsoll.dev",
      "patch workloadsets.plimsoll.dev/status",
      ...atomsOf("watch", "create", "patch", "delete"),
    ],
    async play(stage) {
      const { client, namespace, begin, expecting, seconds } = stage;
      await expecting("the caches are filled", begin());
      await createSet(stage, "kept", { manifests: Object.values(idleObjects("kept")) });
      await expecting(
        "every object is made",
        until(seconds, async () => (await count(stage, "kept")) === resources.length),
      );
      await expecting("the status says so", untilSet(stage, "kept", { Applied: "True" }, seconds));
      await client("workloadsets.plimsoll.dev").patch({ namespace, name: "kept" }, { spec: { manifests: [] } });
      await expecting(
        "every object is deleted",
        until(seconds, async () => (await count(stage, "kept")) === 0),
      );
    },
  },
  {
    name: "older-workloads",
    shows: "where the API server streams no first lists, everything is listed instead",
    proves: ["list workloadsets.plimsoll.dev", ...atomsOf("list")],
    isOlder: true,
    async play(stage) {
      const { begin, expecting, seconds } = stage;
      await createSet(stage, "kept", { manifests: [idleObjects("kept").configmaps] });
      await expecting("the caches are filled", begin());
      await expecting("the object is made", untilSet(stage, "kept", { Applied: "True" }, seconds));
    },
  },
  {
    name: "unrecorded-objects",
    shows: "what was about to be applied when a process died, and isn't listed any more, is looked for, and deleted where it was applied",
    proves: atomsOf("get"),
    async play(stage) {
      const { client, namespace, begin, expecting, seconds } = stage;
      const { metadata } = await createSet(stage, "kept", { manifests: [] });
      const objects = Object.entries(idleObjects("lost")) as [(typeof resources)[number], Record<string, unknown>][];
      const inventory = objects.map(([, { apiVersion, kind }]) => ({ apiVersion: String(apiVersion), kind: String(kind), name: "lost" }));
      await client("workloadsets.plimsoll.dev/status").patch({ namespace, name: "kept" }, { status: { inventory } });
      // Somebody has taken its label away, so that no watch shows it.
      const annotations = { "plimsoll.dev/applied": `${metadata.uid}.0123456789abcdef` };
      for (const [resource, object] of objects)
        await objectsIn(client, resource).create({ ...object, metadata: { namespace, name: "lost", annotations } });
      await expecting("the caches are filled", begin());
      await expecting(
        "every object is deleted",
        until(seconds, async () => (await count(stage, "lost")) === 0),
      );
    },
  },
];
