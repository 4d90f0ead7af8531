import { ApiError, isAlreadyExists, isNotFound } from "@plimsoll/kube";
import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { Creation, Decision } from "./decision.ts";
import type { Client } from "./permissions.ts";
import type { Plan } from "./plan.ts";
import { renderWorkspace, type RunIdentity } from "./render.ts";

/** How many of a run's objects are created at once. */
const width = 16;

/**
 * Carries out a decision; gives the steps whose Jobs the API server refuses for good, with why. Each Job that is there is told. It may be cut off anywhere and be done again: names are always the same, and what is there already
 * and belongs to the run counts as created. Throws what may pass: a quota, a lost connection, an object of that name that is another's.
 */
export async function act(client: Client, run: RunIdentity, decision: Decision, tell: (job: Job) => void): Promise<Map<number, string>> {
  const refused = new Map<number, string>();
  await eachOf(decision.remove, async (name) => {
    await client("jobs.batch")
      .delete({ namespace: run.namespace, name }, { propagationPolicy: "Background" })
      .catch(ignoreNotFound);
  });
  await eachOf(decision.create, async ({ step, configMaps, job }: Creation) => {
    if (refused.has(step)) return;
    try {
      for (const configMap of configMaps) await ensure(client("configmaps"), configMap, run);
      tell(await ensure(client("jobs.batch"), job, run));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused.set(step, `the API server refuses its Job: ${error.message}`);
    }
  });
  return refused;
}

/** Makes a run's workspace, unless it is there. */
export async function ensureWorkspace(client: Client, run: RunIdentity, workspace: NonNullable<Plan["workspace"]>): Promise<void> {
  await ensure(client("persistentvolumeclaims"), renderWorkspace(run, workspace), run);
}

/** Whether the API server will never take an object as it is: it is invalid. Quotas and rights may change. */
export function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.code === 400 || error.code === 422);
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
