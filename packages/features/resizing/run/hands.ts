import { ApiError, each, isConflict, isNotFound, isNotServed, messageOf } from "@plimsoll/kube";
import { writtenResources } from "../decide/change.ts";
import type { ContainerChange } from "../decide/next.ts";
import type { Resize, WorkloadDecision } from "../decide/situation.ts";
import { fieldManager } from "../labels.ts";
import type { ResizingRuntime } from "../permissions.ts";

type Given = Pick<ResizingRuntime, "client" | "clock">;

/** An apply would take away what an earlier one of ours has set and it leaves out; and couldn't take away a limit that somebody else has set. */
const strategic = { type: "strategic", fieldManager } as const;
/** Pods resized at once. */
const width = 10;
/** How long what the API server has refused isn't tried again, in milliseconds. */
const pause = 10 * 60_000;

/** Why the API server has refused something, and until when that counts. */
interface Refusal {
  until: number;
  message: string;
}

/** Carries out decisions. */
export class Hands {
  readonly #given: Given;
  readonly #refused = new Map<string, Refusal>();

  constructor(given: Given) {
    this.#given = given;
  }

  /** Of pods and templates, by UID, why the API server has refused to change them of late, and until when that counts. */
  refused(uids: readonly string[]): Map<string, Refusal> {
    const now = this.#given.clock.now();
    return new Map(
      uids.flatMap((uid) => {
        const refusal = this.#refused.get(uid);
        return refusal === undefined || refusal.until <= now ? [] : [[uid, refusal]];
      }),
    );
  }

  forget(uid: string): void {
    this.#refused.delete(uid);
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
        this.#refused.set(uid, { until: this.#given.clock.now() + pause, message });
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
