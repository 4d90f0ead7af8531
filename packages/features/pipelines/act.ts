import { ApiError, isAlreadyExists, isNotFound, messageOf } from "@plimsoll/kube";
import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { Creation, Shortfall } from "./decision.ts";
import type { Client } from "./permissions.ts";
import type { Plan } from "./plan/plan.ts";
import { renderWorkspace, type RunIdentity } from "./render.ts";

/** How many of a run's objects are created at once. */
const width = 16;

/** So many steps are tried in vain at once; what hinders them is most often the same for all. */
const mostHindered = 16;

/**
 * Creates Jobs; `tell` is given each that exists. It may be cut off anywhere and be done again: names are always the same, and what is there
 * already and belongs to the run counts as created. Of a step that falls short, no more is tried.
 */
export async function createAll(
  client: Client,
  run: RunIdentity,
  creations: readonly Creation[],
  tell: (job: Job) => void,
): Promise<Shortfall> {
  const refused = new Map<number, string>();
  const hindered = new Map<number, string>();
  const untried = new Map<number, string>();
  let last = "";
  await eachOf(creations, async ({ step, configMaps, job }) => {
    if (refused.has(step) || hindered.has(step)) return;
    if (hindered.size >= mostHindered) return void untried.set(step, last);
    try {
      for (const configMap of configMaps) await ensure(client("configmaps"), configMap, run);
      tell(await ensure(client("jobs.batch"), job, run));
    } catch (error) {
      if (isRefusal(error)) refused.set(step, `the API server refuses its Job: ${error.message}`);
      else hindered.set(step, (last = messageOf(error)));
    }
  });
  for (const step of refused.keys()) hindered.delete(step);
  for (const step of [...refused.keys(), ...hindered.keys()]) untried.delete(step);
  return { refused, hindered, untried };
}

/** Deletes Jobs, and with them their pods. */
export async function removeAll(client: Client, { namespace }: RunIdentity, names: Iterable<string>): Promise<void> {
  await eachOf([...names], async (name) => {
    await client("jobs.batch").delete({ namespace, name }, { propagationPolicy: "Background" }).catch(ignoreNotFound);
  });
}

/** Makes a run's workspace, unless it is there. */
export async function ensureWorkspace(client: Client, run: RunIdentity, workspace: NonNullable<Plan["workspace"]>): Promise<void> {
  await ensure(client("persistentvolumeclaims"), renderWorkspace(run, workspace), run);
}

/** Whether the API server will never take an object as it is: it is invalid, or too large. Quotas and rights may change. */
export function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && [400, 413, 422].includes(error.code);
}

interface Creatable<T> {
  create: (object: T) => Promise<T & { metadata: ObjectMeta }>;
  get: (ref: { namespace: string; name: string }) => Promise<T & { metadata: ObjectMeta }>;
}

async function ensure<T extends { metadata?: ObjectMeta }>(client: Creatable<T>, object: T, run: RunIdentity): Promise<T> {
  try {
    return await client.create(object);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const name = object.metadata?.name ?? "";
    const existing = await client.get({ namespace: run.namespace, name });
    if (existing.metadata.ownerReferences?.some(({ uid }) => uid === run.uid)) return existing;
    throw new Error(`"${name}" exists already and is not this run's: delete it, or wait until it is gone`, { cause: error });
  }
}

/** Does something for each item, several at once. Ends when all have ended; throws the first error. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item).catch((error: unknown) => errors.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
