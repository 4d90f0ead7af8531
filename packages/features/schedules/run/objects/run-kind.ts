import { isAlreadyExists, isNotFound, type View } from "@plimsoll/kube";
import type { PipelineRun } from "@plimsoll/api";
import { annotations, labels } from "../../labels.ts";
import type { SchedulesRuntime } from "../../permissions.ts";
import { runKind, type ObjectKind } from "../../template.ts";
import { ownerOf, phaseOfRun, viewRun, type MadeObject, type RunView } from "./run-view.ts";

/** What can be done with the objects of one kind that is scheduled. */
export interface RunKind {
  kind: ObjectKind;
  view: View<never, RunView, "owner" | "schedule">;
  /** Makes an object, or gives the one of its name that belongs to the same owner already. */
  ensure: (object: MadeObject) => Promise<RunView>;
  /** Has a run ended; `by` says for whom. */
  end: (run: RunView, by: "schedule" | "backfill") => Promise<void>;
  remove: (run: RunView) => Promise<void>;
  /** The run of that name as it is now; undefined where there is none. */
  find: (run: RunView) => Promise<RunView | undefined>;
}

/** What a client can do with objects of a kind; those of PipelineRuns are among these. */
interface Methods<T> {
  create: (object: T) => Promise<T>;
  get: (ref: { namespace: string; name: string }) => Promise<T>;
  delete: (
    ref: { namespace: string; name: string },
    options: { preconditions: { uid: string }; propagationPolicy: "Background" | "Foreground" },
  ) => Promise<void>;
}

/** By which a kind's runs are found. */
export const runIndexes = {
  owner: ({ owner }: RunView) => [owner],
  schedule: ({ namespace, schedule }: RunView) => [`${namespace}/${schedule}`],
};

/** PipelineRuns, which are cancelled where others can only be deleted. */
export function pipelineRuns(runtime: SchedulesRuntime): RunKind {
  const client = runtime.client("pipelineruns.plimsoll.dev");
  const project = (run: PipelineRun) => viewRun(run, runKind, phaseOfRun);
  return {
    kind: runKind,
    view: runtime.view("pipelineruns.plimsoll.dev", { project, select: { labelSelector: labels.schedule }, indexes: runIndexes }) as never,
    ...handsOf<PipelineRun>(client as never, project),
    end: async ({ namespace, name, uid }, by) => {
      await client.patch({ namespace, name }, { metadata: { uid, annotations: { [annotations.endedBy]: by } }, spec: { cancel: true } });
    },
  };
}

/** Making and deleting, which is the same for every kind. */
export function handsOf<T extends MadeObject>(
  client: Methods<T>,
  project: (object: T) => RunView | undefined,
  propagationPolicy: "Background" | "Foreground" = "Background",
): Pick<RunKind, "ensure" | "remove" | "find"> {
  return {
    ensure: async (object) => {
      const made = await ensured(client, object as T);
      const view = project(made);
      if (view === undefined)
        throw new Error(`${object.kind} "${object.metadata.name}" came back without its labels: something takes them away`);
      return view;
    },
    remove: ({ namespace, name, uid }) => client.delete({ namespace, name }, { preconditions: { uid }, propagationPolicy }),
    find: async ({ namespace, name }) => {
      try {
        return project(await client.get({ namespace, name }));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
  };
}

async function ensured<T extends MadeObject>(client: Methods<T>, object: T): Promise<T> {
  const { namespace = "", name = "" } = object.metadata;
  try {
    return await client.create(object);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const existing = await client.get({ namespace, name });
    if (ownerOf(existing.metadata) === ownerOf(object.metadata)) return existing;
    throw new Error(`${object.kind} "${name}" exists already and belongs to somebody else: delete it, or wait until it is gone`, {
      cause: error,
    });
  }
}
