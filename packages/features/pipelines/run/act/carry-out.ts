import { ApiError, each, isAlreadyExists, isNotFound, isNotServed, messageOf, type FairLimiter } from "@plimsoll/kube";
import type { PersistentVolumeClaim, Pod } from "kubernetes-types/core/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { Creation, Missing, Outcome } from "../../decide/decision.ts";
import type { Client } from "../../permissions.ts";
import type { RunIdentity } from "../../step/labels.ts";
import type { TryView } from "../../step/kind.ts";
import type { Engine } from "../engine.ts";
import type { GrantedKinds, ObjectHands } from "./object-hands.ts";
import { manifestKind } from "../../step/manifest/kind.ts";
import { podKind } from "../../step/pod/kind.ts";
import type { StepObject } from "../../step/manifest/stored.ts";
import { toldRefusal } from "../../step/pod/refusals.ts";

/** How many of a run's requests are under way at once. */
export const width = 16;

/** So many steps are tried in vain at once; what blocks them is most often the same for all. */
const mostBlocked = 16;

/** What carries decisions out. */
export interface Hands {
  client: Client;
  /** The kinds that steps may make beside pods. */
  granted?: GrantedKinds | undefined;
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
    const { step, object, kind } = creation;
    if (refused.has(step) || blocked.has(step)) return;
    if (blocked.size >= mostBlocked) return void deferred.set(step, last);
    await hands.limiter.acquire(run.uid, hands.signal);
    if (hands.isStopped(run)) return;
    try {
      const view = viewOf(await ensure(handsOf(hands, kind), object as StepObject, run), kind);
      if (view !== undefined) engine.made(view);
      made.add(creation);
    } catch (error) {
      if (isRefusal(error)) refused.set(step, refusalOf(error, creation, engine));
      else {
        const isUnknown = kind !== undefined && isNotServed(error);
        blocked.set(step, (last = isUnknown ? `the cluster doesn't know ${kind}: install it, and the step begins` : messageOf(error)));
      }
    }
  });
  for (const step of refused.keys()) blocked.delete(step);
  for (const step of [...refused.keys(), ...blocked.keys()]) deferred.delete(step);
  return { made, refused, blocked, deferred };
}

/** What the API server says of a pod, by the fields that the user has written. */
function refusalOf({ message }: ApiError, { step, object, kind }: Creation, { plan }: Engine): string {
  const planned = plan.steps[step];
  if (kind !== undefined) return `the API server refuses its ${nounOf(kind)}: ${message}`;
  return `the API server refuses its pod: ${planned === undefined ? message : toldRefusal(message, planned, plan, object as Pod)}`;
}

/**
 * Deletes tries' objects by their UIDs: nothing else that has come under their names. What others own of these goes with them.
 * Gives those that the API server doesn't delete for now, with why.
 */
export async function removeAll(hands: Pick<Hands, "client" | "granted">, tries: readonly TryView[]): Promise<Map<TryView, string>> {
  const refused = new Map<TryView, string>();
  await each(width, tries, async (view) => {
    const { namespace, name, uid, kind } = view;
    try {
      const preconditions = { uid };
      if (kind === undefined) await hands.client("pods").delete({ namespace, name }, { preconditions });
      else await handsOf(hands, kind).delete({ namespace, name }, { preconditions, propagationPolicy: "Background" });
    } catch (error) {
      if (isNotFound(error) || isConflictOfUid(error)) return;
      refused.set(view, `${nounOf(kind)} ${name} can't be deleted: ${refusalIn(error)}`);
    }
  });
  return refused;
}

/** Asks for tries that should be there and were not seen, and tells the engine of each. Gives those that may not be read for now, with why. */
export async function confirmAll(
  hands: Pick<Hands, "client" | "granted">,
  run: RunIdentity,
  missing: readonly Missing[],
  engine: Engine,
): Promise<Map<Missing, string>> {
  const refused = new Map<Missing, string>();
  await each(width, missing, async (one) => {
    const name = engine.nameOf(one.step, one.item, one.try);
    const kind = engine.kindOf(one.step);
    try {
      const view = viewOf(await handsOf(hands, kind).get({ namespace: run.namespace, name }), kind);
      if (view?.runUid === run.uid) return engine.observe(view);
    } catch (error) {
      if (!isNotFound(error)) return void refused.set(one, `${nounOf(kind)} ${name} can't be read: ${refusalIn(error)}`);
    }
    engine.vanished(one);
  });
  return refused;
}

export function nounOf(kind = "pod"): string {
  return kind.replace(/.* /, "");
}

/** What the API server says of one object alone. Rethrows what isn't an answer: then nothing else would get one, either. */
function refusalIn(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  throw error;
}

/** What is done with objects of a kind; undefined: with pods. Throws an Error for one that isn't granted. */
export function handsOf({ client, granted }: Pick<Hands, "client" | "granted">, kind: string | undefined): ObjectHands {
  if (kind === undefined) return client("pods") as unknown as ObjectHands;
  const found = granted?.get(kind);
  if (found === undefined) throw new Error(`${kind} isn't one of features.pipelines.kinds any more`);
  return found.hands;
}

function viewOf(object: StepObject, kind: string | undefined): TryView | undefined {
  return kind === undefined ? podKind.view(object as Pod) : manifestKind.view(object);
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

async function ensure<T extends StepObject | PersistentVolumeClaim>(client: Creatable<T>, object: T, run: RunIdentity): Promise<T> {
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
