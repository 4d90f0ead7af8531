import type { PodShape, PodView } from "../pod.ts";

type Index<K> = Map<K, Map<string, PodView>>;

/** Pods by UID, by namespace and shape, and by owner; and those that wait for a node. */
export class Pods {
  readonly #all = new Map<string, PodView>();
  readonly #byNamespace = new Map<string, Index<PodShape>>();
  readonly #byOwner: Index<string> = new Map();
  readonly #unplaced = new Map<string, PodView>();

  get(uid: string): PodView | undefined {
    return this.#all.get(uid);
  }

  set(pod: PodView): void {
    const old = this.#all.get(pod.uid);
    if (old !== undefined && (old.owner?.uid !== pod.owner?.uid || old.shape !== pod.shape)) this.delete(old);
    this.#all.set(pod.uid, pod);
    const shapes = this.#byNamespace.get(pod.namespace) ?? new Map<PodShape, Map<string, PodView>>();
    this.#byNamespace.set(pod.namespace, shapes);
    put(shapes, pod.shape, pod);
    if (pod.owner !== undefined) put(this.#byOwner, pod.owner.uid, pod);
    if (pod.node === undefined && (pod.phase === "Pending" || pod.phase === "Unknown")) this.#unplaced.set(pod.uid, pod);
    else this.#unplaced.delete(pod.uid);
  }

  delete(pod: PodView): void {
    this.#all.delete(pod.uid);
    const shapes = this.#byNamespace.get(pod.namespace);
    if (shapes !== undefined) take(shapes, pod.shape, pod);
    if (shapes?.size === 0) this.#byNamespace.delete(pod.namespace);
    if (pod.owner !== undefined) take(this.#byOwner, pod.owner.uid, pod);
    this.#unplaced.delete(pod.uid);
  }

  /** The pods of a namespace, or of all, in lists of one namespace and shape. */
  *alike(namespace: string | undefined): Iterable<Iterable<PodView>> {
    const namespaces = namespace === undefined ? this.#byNamespace.values() : [this.#byNamespace.get(namespace) ?? none];
    for (const shapes of namespaces) for (const pods of shapes.values()) yield pods.values();
  }

  of(ownerUid: string): Iterable<PodView> {
    return this.#byOwner.get(ownerUid)?.values() ?? [];
  }

  unplaced(): Iterable<PodView> {
    return this.#unplaced.values();
  }
}

const none: Index<PodShape> = new Map();

function put<K>(index: Index<K>, key: K, pod: PodView): void {
  const pods = index.get(key);
  if (pods === undefined) index.set(key, new Map([[pod.uid, pod]]));
  else pods.set(pod.uid, pod);
}

function take<K>(index: Index<K>, key: K, pod: PodView): void {
  const pods = index.get(key);
  pods?.delete(pod.uid);
  if (pods?.size === 0) index.delete(key);
}
