import { ApiError, each, isConflict, isNotFound, messageOf } from "@plimsoll/kube";
import { writtenResources } from "../decide/change.ts";
import type { ContainerChange } from "../decide/pod-change.ts";
import type { Resize, WorkloadDecision } from "../decide/situation.ts";
import { fieldManager } from "../labels.ts";
import type { ResizablePod } from "../observe/pod.ts";
import type { ResizingRuntime } from "../permissions.ts";

type Given = Pick<ResizingRuntime, "client" | "clock" | "retried">;

/** Pods resized at once. */
const width = 10;
/** How long what the API server has refused isn't tried again, in milliseconds. */
const pause = 10 * 60_000;

/** Whose resize the API server has refused, and until when that counts. */
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

  /** Of pods, by UID, why the API server has refused to resize them, of late. */
  refused(pods: readonly ResizablePod[]): Map<string, string> {
    const now = this.#given.clock.now();
    return new Map(
      pods.flatMap(({ uid }) => {
        const refusal = this.#refused.get(uid);
        return refusal === undefined || refusal.until <= now ? [] : [[uid, refusal.message]];
      }),
    );
  }

  forget(uid: string): void {
    this.#refused.delete(uid);
  }

  /** Resizes pods, and changes a template; gives by the names of objects what the API server has refused. */
  async carryOut({ resizes, template }: Pick<WorkloadDecision, "resizes" | "template">): Promise<Map<string, string>> {
    const refusals = new Map<string, string>();
    await each(width, resizes, async (resize) => {
      const message = await this.#tried(`to resize pod ${resize.pod.namespace}/${resize.pod.name}`, () => this.#resize(resize));
      if (message === undefined) return;
      this.#refused.set(resize.pod.uid, { until: this.#given.clock.now() + pause, message });
      refusals.set(`pod ${resize.pod.name}`, message);
    });
    if (template !== undefined) {
      const { kind, namespace, name } = template.template;
      const message = await this.#tried(`to change the template of the ${kind} ${namespace}/${name}`, () => this.#change(template));
      if (message !== undefined) refusals.set(`${kind} ${name}`, message);
    }
    return refusals;
  }

  /** Gives why it was refused. What is gone or has changed is looked at again when that is seen; all else is tried again. */
  async #tried(what: string, work: () => Promise<unknown>): Promise<string | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (isNotFound(error) || isConflict(error)) return undefined;
      if (error instanceof ApiError && (error.code === 403 || error.code === 422)) return messageOf(error);
      this.#given.retried(what, error);
      throw error;
    }
  }

  async #resize({ pod: { namespace, name, uid }, containers }: Resize): Promise<void> {
    const body = { metadata: { uid }, spec: specOf(containers) };
    await this.#given.client("pods/resize").patch({ namespace, name }, body, { type: "apply", fieldManager, force: true });
  }

  async #change({ template, containers }: NonNullable<WorkloadDecision["template"]>): Promise<void> {
    const { kind, namespace, name, uid } = template;
    const { client } = this.#given;
    const ref = { namespace, name };
    const spec = { template: { spec: specOf(containers) } };
    const body = { metadata: { uid }, spec: kind === "CronJob" ? { jobTemplate: { spec } } : spec } as never;
    // A limit that others have set doesn't go by an apply that leaves it out.
    const drops = containers.some(({ now, next }) => Object.keys(now.limits).some((resource) => next.limits[resource] === undefined));
    const options = drops ? ({ type: "strategic", fieldManager } as const) : ({ type: "apply", fieldManager, force: true } as const);
    if (kind === "Deployment") await client("deployments.apps").patch(ref, body, options);
    else if (kind === "StatefulSet") await client("statefulsets.apps").patch(ref, body, options);
    else if (kind === "DaemonSet") await client("daemonsets.apps").patch(ref, body, options);
    else await client("cronjobs.batch").patch(ref, body, options);
  }
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
