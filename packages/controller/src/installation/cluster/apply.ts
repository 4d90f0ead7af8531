import { systemClock, type Clock, type Sender } from "@plimsoll/kube";
import { fieldManager } from "../objects/complete.ts";
import { InstallationError } from "../failure.ts";
import type { KubernetesObject } from "../objects/metadata.ts";
import { liveObject, type FoundObject } from "./found.ts";
import { installClient, ofKind, referenceOf, type InstallClient } from "./permissions.ts";
import { isGone, persistently } from "./persistently.ts";
import type { Plan } from "./plan.ts";

export interface ApplyOptions {
  /** Takes over fields that others set. */
  force?: boolean | undefined;
  clock?: Clock;
  /** Told of each write that was made. */
  onWritten?: (object: KubernetesObject | FoundObject) => void;
}

/**
 * Carries a plan out: applies its objects in their order, waits until the kinds are served, and deletes the rest. What it had come to
 * when it was cut off is found by the next plan.
 */
export async function applyPlan(sender: Sender, { namespace, changes }: Plan, options: ApplyOptions = {}): Promise<void> {
  const client = installClient(sender, namespace);
  const { force = false, clock = systemClock, onWritten = () => {} } = options;
  const kept = changes.flatMap(({ action, object }) => (action === "delete" ? [] : [object as KubernetesObject]));
  const kinds = kept.filter(({ kind }) => kind === "CustomResourceDefinition");
  const apply = async (object: KubernetesObject): Promise<void> => {
    // Applied though unchanged, too: so that the fields are ours from now on, and go with the object that no longer has them.
    await persistently(clock, () => ofKind(client, object.kind).patch(referenceOf(object), object, { type: "apply", fieldManager, force }));
    onWritten(object);
  };
  for (const { metadata } of kinds) await notTerminating(client, metadata.name, clock);
  await Promise.all(kinds.map(apply));
  for (const { metadata } of kinds) await established(client, metadata.name, clock);
  for (const object of kept) if (!kinds.includes(object)) await apply(object);
  for (const { action, object } of changes) {
    if (action !== "delete") continue;
    await remove(client, object as FoundObject, clock);
    onWritten(object);
  }
}

/** Deletes an object, and not the next one of its name. */
export async function remove(client: InstallClient, object: FoundObject, clock: Clock): Promise<void> {
  const { uid } = object.metadata;
  try {
    await persistently(clock, () =>
      ofKind(client, object.kind).delete(referenceOf(object), { preconditions: { uid }, propagationPolicy: "Background" }),
    );
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Waits while a kind is being deleted, as it takes with it what is applied to it. */
export async function notTerminating(client: InstallClient, name: string, clock: Clock): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const live = await liveObject(client, { kind: "CustomResourceDefinition", metadata: { name, labels: {} } }, clock);
    if (live?.metadata.deletionTimestamp === undefined) return;
    await clock.sleep(100);
  }
  throw new InstallationError(`${name} is being deleted, and after a minute is still there: see \`kubectl describe crd ${name}\``);
}

/** Waits until the API server serves a kind. */
async function established(client: InstallClient, name: string, clock: Clock): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { status } = await persistently(clock, () => client("customresourcedefinitions.apiextensions.k8s.io").get({ name }));
    if (status?.conditions?.some(({ type, status }) => type === "Established" && status === "True")) return;
    await clock.sleep(100);
  }
  throw new InstallationError(
    `the API server does not serve ${name} ten seconds after it was defined: see \`kubectl describe crd ${name}\``,
  );
}
