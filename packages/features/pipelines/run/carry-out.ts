import { ApiError, each, isAlreadyExists, isNotFound, messageOf, type FairLimiter } from "@plimsoll/kube";
import type { Pod, PersistentVolumeClaim } from "kubernetes-types/core/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { Creation, Missing, Outcome } from "../decide/decision.ts";
import type { Client } from "../permissions.ts";
import type { RunIdentity } from "../step/labels.ts";
import type { TryView } from "../step/kind.ts";
import type { Engine } from "./engine.ts";
import { podKind } from "../step/pod/kind.ts";
import { toldRefusal } from "../step/pod/refusals.ts";

/** How many of a run's requests are under way at once. */
export const width = 16;

/** So many steps are tried in vain at once; what blocks them is most often the same for all. */
const mostBlocked = 16;

/** What carries decisions out. */
export interface Hands {
  client: Client;
  /** Spaces creations out, fairly among runs. */
  limiter: Pick<FairLimiter, "acquire">;
  signal: AbortSignal;
  /** Whether nothing more may be made for a run: it is cancelled or deleted. */
  isStopped: (run: RunIdentity) => boolean;
}

/**
 * Creates tries; the engine is told of each that is there. It may be cut off anywhere and be done again: names are always the same, and what is there
 * already and belongs to the run counts as made. Of a step that falls short, no more is tried.
 */
export async function createAll(hands: Hands, run: RunIdentity, creations: readonly Creation[], engine: Engine): Promise<Outcome> {
  const made = new Set<Creation>();
  const refused = new Map<number, string>();
  const blocked = new Map<number, string>();
  const deferred = new Map<number, string>();
  let last = "";
  await each(width, creations, async (creation) => {
    const { step, object } = creation;
    if (refused.has(step) || blocked.has(step)) return;
    if (blocked.size >= mostBlocked) return void deferred.set(step, last);
    await hands.limiter.acquire(run.uid, hands.signal);
    if (hands.isStopped(run)) return;
    try {
      const view = podKind.view(await ensure(hands.client("pods"), object, run));
      if (view !== undefined) engine.made(view);
      made.add(creation);
    } catch (error) {
      if (isRefusal(error)) refused.set(step, refusalOf(error, creation, engine));
      else blocked.set(step, (last = messageOf(error)));
    }
  });
  for (const step of refused.keys()) blocked.delete(step);
  for (const step of [...refused.keys(), ...blocked.keys()]) deferred.delete(step);
  return { made, refused, blocked, deferred };
}

/** What the API server says of a pod, by the fields that the user has written. */
function refusalOf({ message }: ApiError, { step, object }: Creation, { plan }: Engine): string {
  const planned = plan.steps[step];
  return `the API server refuses its pod: ${planned === undefined ? message : toldRefusal(message, planned, plan, object)}`;
}

/** Deletes pods by their UIDs: nothing else that has come under their names. */
export async function removeAll({ client }: Pick<Hands, "client">, pods: readonly TryView[]): Promise<void> {
  await each(width, pods, async ({ namespace, name, uid }) => {
    try {
      await client("pods").delete({ namespace, name }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error) && !isConflictOfUid(error)) throw error;
    }
  });
}

/** Asks for tries that should be there and were not seen, and tells the engine of each. */
export async function confirmAll(
  { client }: Pick<Hands, "client">,
  run: RunIdentity,
  missing: readonly Missing[],
  engine: Engine,
): Promise<void> {
  await each(width, missing, async (one) => {
    const name = engine.nameOf(one.step, one.item, one.try);
    try {
      const view = podKind.view(await client("pods").get({ namespace: run.namespace, name }));
      if (view?.runUid === run.uid) return engine.observe(view);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    engine.vanished(one);
  });
}

/** Makes a run's workspace, unless it is there. */
export async function ensureWorkspace({ client }: Pick<Hands, "client">, run: RunIdentity, claim: PersistentVolumeClaim): Promise<void> {
  await ensure(client("persistentvolumeclaims"), claim, run);
}

/** Whether the API server will never take an object as it is: it is invalid, or too large. Quotas and rights may change. */
export function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && [400, 413, 422].includes(error.code);
}

function isConflictOfUid(error: unknown): boolean {
  return error instanceof ApiError && error.code === 409;
}

interface Creatable<T> {
  create: (object: T) => Promise<T & { metadata: ObjectMeta }>;
  get: (ref: { namespace: string; name: string }) => Promise<T & { metadata: ObjectMeta }>;
}

async function ensure<T extends Pod | PersistentVolumeClaim>(client: Creatable<T>, object: T, run: RunIdentity): Promise<T> {
  try {
    return await client.create(object);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const name = object.metadata?.name ?? "";
    const existing = await client.get({ namespace: run.namespace, name });
    if (existing.metadata.ownerReferences?.some(({ uid, controller }) => controller && uid === run.uid)) return existing;
    throw new Error(`"${name}" exists already and is not this run's: delete it, or wait until it is gone`, { cause: error });
  }
}
