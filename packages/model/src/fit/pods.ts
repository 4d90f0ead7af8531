import type { PodView } from "../pod.ts";

type Index = Map<string, Map<string, PodView>>;

/** Pods by UID, by namespace and by owner; and those that wait for a node. */
export class Pods {
  readonly #all = new Map<string, PodView>();
  readonly #byNamespace: Index = new Map();
  readonly #byOwner: Index = new Map();
  readonly #unplaced = new Map<string, PodView>();

  get(uid: string): PodView | undefined {
    return this.#all.get(uid);
  }

  set(pod: PodView): void {
    const old = this.#all.get(pod.uid);
    if (old !== undefined && old.owner?.uid !== pod.owner?.uid) this.delete(old);
    this.#all.set(pod.uid, pod);
    put(this.#byNamespace, pod.namespace, pod);
    if (pod.owner !== undefined) put(this.#byOwner, pod.owner.uid, pod);
    if (pod.node === undefined && (pod.phase === "Pending" || pod.phase === "Unknown")) this.#unplaced.set(pod.uid, pod);
    else this.#unplaced.delete(pod.uid);
  }

  delete(pod: PodView): void {
    this.#all.delete(pod.uid);
    take(this.#byNamespace, pod.namespace, pod);
    if (pod.owner !== undefined) take(this.#byOwner, pod.owner.uid, pod);
    this.#unplaced.delete(pod.uid);
  }

  /** Those of a namespace, or all. */
  in(namespace: string | undefined): Iterable<PodView> {
    return namespace === undefined ? this.#all.values() : (this.#byNamespace.get(namespace)?.values() ?? []);
  }

  of(ownerUid: string): Iterable<PodView> {
    return this.#byOwner.get(ownerUid)?.values() ?? [];
  }

  unplaced(): Iterable<PodView> {
    return this.#unplaced.values();
  }
}

function put(index: Index, key: string, pod: PodView): void {
  const pods = index.get(key);
  if (pods === undefined) index.set(key, new Map([[pod.uid, pod]]));
  else pods.set(pod.uid, pod);
}

function take(index: Index, key: string, pod: PodView): void {
  const pods = index.get(key);
  pods?.delete(pod.uid);
  if (pods?.size === 0) index.delete(key);
}
