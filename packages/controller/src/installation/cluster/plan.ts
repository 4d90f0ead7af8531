import { ApiError, isForbidden, isInvalid, isNotFound, isNotServed, systemClock, type Clock, type Sender } from "@plimsoll/kube";
import { fieldChanges, type FieldChange } from "../changes.ts";
import { fieldManager } from "../objects/complete.ts";
import { InstallationError } from "../failure.ts";
import { titleOf, type LiveObject } from "../live-object.ts";
import { isMade } from "../made.ts";
import type { KubernetesObject } from "../objects/metadata.ts";
import { helmRefusal } from "../owner.ts";
import { isAtHome, keyOf, labelledObjects, liveObject, type FoundObject } from "./found.ts";
import { installClient, ofKind, referenceOf, type InstallClient } from "./permissions.ts";
import { isOwnershipConflict, persistently } from "./persistently.ts";
import { checkRights, rightsFor } from "./rights.ts";
import { isOurNamespace } from "./own-namespace.ts";

/** What becomes of one object. */
export interface Change {
  action: "create" | "change" | "unchanged" | "delete";
  /** As it is to be; of one that is deleted, as it is. */
  object: KubernetesObject | FoundObject;
  live?: LiveObject | undefined;
  /** For a change. */
  fields: readonly FieldChange[];
}

/** What bringing an installation up to date would do. */
export interface Plan {
  namespace: string;
  changes: Change[];
}

export interface PlanOptions {
  namespace: string;
  /** Takes over fields that others set. */
  force?: boolean | undefined;
  clock?: Clock;
}

/**
 * What applying the objects in place of what is installed in a namespace comes to. Each is tried by a dry run, so that what isn't
 * allowed or isn't valid is found before anything is written: an InstallationError names all of it.
 */
export async function planOf(sender: Sender, objects: readonly KubernetesObject[], options: PlanOptions): Promise<Plan> {
  const { namespace, clock = systemClock } = options;
  const rights = await persistently(clock, () => rightsFor(sender, objects, namespace));
  await checkRights(sender, rights, namespace, clock);
  const client = installClient(sender, namespace);
  const lives = await Promise.all(objects.map((object) => liveObject(client, object, clock)));
  const found = await labelledObjects(sender, namespace, clock);
  const refusal = helmRefusal(namespace, [
    ...objects.flatMap(({ kind }, index) => (lives[index] ? [{ ...lives[index], kind }] : [])),
    ...found.filter((object) => isAtHome(object, namespace)),
  ]);
  if (refusal !== undefined) throw new InstallationError(refusal);

  const wanted = objects
    .map((object, index) => ({ object, live: lives[index] }))
    .filter(({ object, live }) => isOurNamespace(object, live));
  const isMissing = wanted.some(({ object: { kind }, live }) => kind === "Namespace" && live === undefined);
  const made = new Set(wanted.flatMap(({ object, live }) => (live === undefined ? [object.metadata.name] : [])));
  const outcomes = await Promise.all(
    wanted.map(async ({ object, live }): Promise<Change | string> => {
      const created: Change = { action: "create", object, fields: [] };
      // Nothing can be tried in a namespace that is yet to be made.
      if (isMissing && object.metadata.namespace === namespace) return created;
      try {
        const after = await dryRun(client, object, options);
        if (live === undefined) return created;
        const fields = fieldChanges(live, after);
        return { action: fields.length === 0 ? "unchanged" : "change", object, live, fields };
      } catch (error) {
        // A binding takes a role; this one is yet to be made.
        const isBinding = object.kind.endsWith("RoleBinding");
        return isBinding && isNotFound(error) && made.has(String(error.details?.name)) ? created : problemOf(object, error);
      }
    }),
  );
  const problems = outcomes.filter((outcome) => typeof outcome === "string");
  if (problems.length > 0) throw new InstallationError(`nothing was changed:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  const changes = outcomes.filter((outcome) => typeof outcome !== "string");
  const keys = new Set(objects.map(keyOf));
  const doomed = found.filter((object) => isMade(object) && !keys.has(keyOf(object)));
  return { namespace, changes: [...changes, ...doomed.map((object): Change => ({ action: "delete", object, live: object, fields: [] }))] };
}

function dryRun(client: InstallClient, object: KubernetesObject, { force = false, clock = systemClock }: PlanOptions): Promise<LiveObject> {
  const options = { type: "apply", fieldManager, force, dryRun: "All" } as const;
  return persistently(clock, () => ofKind(client, object.kind).patch(referenceOf(object), object, options));
}

/** In a line. What isn't about the object is thrown. */
function problemOf(object: KubernetesObject, error: unknown): string {
  if (!(error instanceof ApiError)) throw error;
  const reason = error.message.replace(/^.*?: \d+ \w+: /, "").replaceAll("\n", " ");
  const title = titleOf(object);
  if (isOwnershipConflict(error)) return `${title}: ${reason}; give --force-conflicts to set these fields all the same`;
  if (isNotServed(error))
    return `${title}: the cluster has no such kind: install what defines it, or leave it out (see the chart's values, as in serviceMonitor.create)`;
  if (isNotFound(error)) return `${title}: ${reason}: make it first`;
  if (isForbidden(error) || isInvalid(error)) return `${title}: ${reason}`;
  throw error;
}
