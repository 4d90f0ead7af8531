import type { PipelineRun } from "@plimsoll/api";
import { nameOf } from "@plimsoll/features/configured";
import { declareFor } from "@plimsoll/features/configured-rules";
import { labels } from "@plimsoll/features/pipelines";
import { isForbidden, isNotFound, type Transport } from "@plimsoll/kube";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { ObjectMeta, OwnerReference } from "kubernetes-types/meta/v1.d.ts";
import { Failure } from "../failure.ts";
import { kindsOf } from "../workloads/kinds.ts";

/** What an object of a run says of its place in it. */
type Place = Readonly<Record<string, string>>;

type Owner = Pick<OwnerReference, "apiVersion" | "kind" | "name" | "uid">;

/** So many objects may stand between a pod and the object of a step. */
const longestChain = 8;

/** Finds the pods of a run: its own, and those that its steps' objects have. It asks for each owner once, with the rights of the user. */
export class ObjectPods {
  readonly #transport: Transport;
  readonly #run: PipelineRun;
  readonly #places = new Map<string, Promise<Place | undefined>>();
  readonly #unread = new Set<string>();

  constructor(transport: Transport, run: PipelineRun) {
    this.#transport = transport;
    this.#run = run;
  }

  /** The kinds of owners that the user may not read, so that pods may be missing. */
  get unread(): readonly string[] {
    return [...this.#unread];
  }

  /**
   * A pod with the labels by which a run's pods are told apart; undefined for one that isn't the run's. Those of an object's pods are the
   * object's: of pods that other pods own, as Spark's executors, there are none.
   */
  async placed<P extends Pod>(pod: P): Promise<P | undefined> {
    const owner = controllerOf(pod.metadata);
    if (owner === undefined) return undefined;
    if (isOwn(pod)) return owner.uid === this.#run.metadata.uid ? pod : undefined;
    // None of its objects is older than the run.
    if (String(pod.metadata?.creationTimestamp) < String(this.#run.metadata.creationTimestamp)) return undefined;
    const place = await this.#placeOf(owner, longestChain);
    return place && { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, ...place } } };
  }

  #placeOf(owner: Owner, left: number): Promise<Place | undefined> {
    const known = this.#places.get(owner.uid) ?? this.#read(owner, left);
    this.#places.set(owner.uid, known);
    return known;
  }

  async #read(owner: Owner, left: number): Promise<Place | undefined> {
    if (owner.kind === "Pod" || left === 0) return undefined;
    const metadata = await this.#metadataOf(owner);
    if (metadata?.uid !== owner.uid) return undefined;
    const { [labels.runUid]: uid, ...own } = metadata.labels ?? {};
    if (uid === this.#run.metadata.uid)
      return Object.fromEntries([labels.run, labels.step, labels.item, labels.try].flatMap((key) => (own[key] ? [[key, own[key]]] : [])));
    const next = controllerOf(metadata);
    return next && this.#placeOf(next, left - 1);
  }

  async #metadataOf({ apiVersion, kind, name }: Owner): Promise<ObjectMeta | undefined> {
    try {
      const kinds = await kindsOf(this.#transport, [{ apiVersion, kind }]);
      const [found] = kinds;
      if (found === undefined) return undefined;
      const rules = [{ verbs: ["get"] as const, reason: "logs: whose pods these are" }];
      const client = declareFor("cli-logs", { key: "kinds", rules }, kinds).client(this.#transport);
      const { metadata } = await client(nameOf(found)).get({ namespace: this.#run.metadata.namespace ?? "", name });
      return metadata as ObjectMeta;
    } catch (error) {
      if (isForbidden(error)) this.#unread.add(kind);
      // Of a kind without namespaces, or one that isn't served any more, no step has made it.
      else if (!isNotFound(error) && !(error instanceof Failure)) throw error;
      return undefined;
    }
  }
}

/** Whether a pod is a step's itself, and not one that the object of a step has. */
export function isOwn({ metadata }: Pod): boolean {
  return controllerOf(metadata)?.kind === "PipelineRun";
}

function controllerOf(metadata: ObjectMeta | undefined): Owner | undefined {
  return metadata?.ownerReferences?.find(({ controller }) => controller);
}
