import { ApiError, each, isConflict, isNotFound, isNotServed, messageOf } from "@plimsoll/kube";
import { writtenResources } from "../decide/change.ts";
import type { ContainerChange } from "../decide/next.ts";
import type { Resize, WorkloadDecision } from "../decide/situation.ts";
import { fieldManager } from "../labels.ts";
import type { ResizingRuntime } from "../permissions.ts";
import type { Refusals } from "./refusals.ts";

type Given = Pick<ResizingRuntime, "client">;

/** An apply would take away what an earlier one of ours has set and it leaves out; and couldn't take away a limit that somebody else has set. */
const strategic = { type: "strategic", fieldManager } as const;
/** Pods resized at once. */
const width = 10;
/** Carries out decisions. */
export class Hands {
  readonly #given: Given;
  readonly #refusals: Refusals;

  constructor(given: Given, refusals: Refusals) {
    this.#given = given;
    this.#refusals = refusals;
  }

  /** Resizes pods, and changes a template; gives by the names of objects what the API server has refused. Throws at the end what went wrong otherwise. */
  async carryOut({ resizes, template }: Pick<WorkloadDecision, "resizes" | "template">): Promise<Map<string, string>> {
    const refusals = new Map<string, string>();
    const failures: unknown[] = [];
    const tried = async (title: string, uid: string, work: () => Promise<unknown>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        const message = refusalOf(error);
        if (message === undefined && !isNotFound(error) && !isConflict(error)) failures.push(error);
        if (message === undefined) return;
        this.#refusals.set(uid, message);
        refusals.set(title, message);
      }
    };
    await each(width, resizes, (resize) => tried(`pod ${resize.pod.name}`, resize.pod.uid, () => this.#resize(resize)));
    if (template !== undefined) {
      const { kind, name, uid } = template.template;
      await tried(`${kind} ${name}`, uid, () => this.#change(template));
    }
    if (failures.length > 0) throw failures[0];
    return refusals;
  }

  async #resize({ pod: { namespace, name, uid }, containers }: Resize): Promise<void> {
    const body = { metadata: { uid }, spec: specOf(containers) };
    await this.#given.client("pods/resize").patch({ namespace, name }, body, strategic);
  }

  async #change({ template, containers }: NonNullable<WorkloadDecision["template"]>): Promise<void> {
    const { kind, namespace, name, uid } = template;
    const { client } = this.#given;
    const ref = { namespace, name };
    const spec = { template: { spec: specOf(containers) } };
    const body = { metadata: { uid }, spec: kind === "CronJob" ? { jobTemplate: { spec } } : spec } as never;
    if (kind === "Deployment") await client("deployments.apps").patch(ref, body, strategic);
    else if (kind === "StatefulSet") await client("statefulsets.apps").patch(ref, body, strategic);
    else if (kind === "DaemonSet") await client("daemonsets.apps").patch(ref, body, strategic);
    else await client("cronjobs.batch").patch(ref, body, strategic);
  }
}

/** What the API server says that it won't do. What is gone or has changed is looked at again when that is seen; undefined: it is that, or something else. */
function refusalOf(error: unknown): string | undefined {
  if (isNotServed(error))
    return "the API server doesn't serve pods/resize: Kubernetes 1.33 is the first that does; with `recreate`, templates are changed";
  return error instanceof ApiError && (error.code === 403 || error.code === 422) ? messageOf(error) : undefined;
}

/** What of a pod's specification says what its containers ask for; null: a limit that is to go. */
function specOf(containers: readonly ContainerChange[]): object {
  const listed = (wanted: boolean) =>
    containers
      .filter(({ isSidecar }) => isSidecar === wanted)
      .map(({ name, now, next }) => {
        const gone = Object.keys(now.limits).filter((resource) => next.limits[resource] === undefined);
        const { requests, limits } = writtenResources(next);
        return { name, resources: { requests, limits: { ...limits, ...Object.fromEntries(gone.map((resource) => [resource, null])) } } };
      });
  const [regular, sidecars] = [listed(false), listed(true)];
  return { ...(regular.length > 0 && { containers: regular }), ...(sidecars.length > 0 && { initContainers: sidecars }) };
}
