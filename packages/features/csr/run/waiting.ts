import type { RequestView } from "../decide/request-view.ts";
import type { Signer } from "../decide/signers.ts";

/** A request for a node's first certificate. */
interface First {
  version: number;
  createdAt: number;
  keyHash: string;
}

/** Which requests wait: how many, and which of them are for the same node. */
export class Waiting {
  /** Of each requester and signer, the versions of the requests, which grow from the oldest to the newest. */
  readonly #versions = new Map<string, number[]>();
  readonly #counts = new Map<Signer, number>();
  /** Of each node that is to come, by the requests' uid. */
  readonly #firsts = new Map<string, Map<string, First>>();
  readonly #nodes = new Map<string, string>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many of each signer. */
  get counts(): ReadonlyMap<Signer, number> {
    return this.#counts;
  }

  add(request: RequestView): void {
    const key = keyOf(request);
    const versions = this.#versions.get(key) ?? [];
    const version = Number(request.resourceVersion);
    versions.splice(place(versions, version), 0, version);
    this.#versions.set(key, versions);
    this.#count(request.signer, 1);
  }

  /** Takes out a request as it was when it was added. */
  remove(request: RequestView): void {
    const key = keyOf(request);
    const versions = this.#versions.get(key) ?? [];
    const index = place(versions, Number(request.resourceVersion));
    this.#removeFirst(request.uid);
    if (versions[index] !== Number(request.resourceVersion)) return;
    versions.splice(index, 1);
    if (versions.length === 0) this.#versions.delete(key);
    this.#count(request.signer, -1);
  }

  #removeFirst(uid: string): void {
    const node = this.#nodes.get(uid);
    if (node === undefined) return;
    this.#nodes.delete(uid);
    const firsts = this.#firsts.get(node);
    firsts?.delete(uid);
    if (firsts?.size === 0) this.#firsts.delete(node);
  }

  /** How many of the same requester and signer are newer. */
  newer(request: RequestView): number {
    const versions = this.#versions.get(keyOf(request)) ?? [];
    return versions.length - place(versions, Number(request.resourceVersion) + 1);
  }

  /** Says that a request that waits is for the first certificate of a node. */
  isFirst({ uid, resourceVersion, createdAt }: RequestView, node: string, keyHash: string): void {
    const firsts = this.#firsts.get(node) ?? new Map<string, First>();
    firsts.set(uid, { version: Number(resourceVersion), createdAt, keyHash });
    this.#firsts.set(node, firsts);
    this.#nodes.set(uid, node);
  }

  /** Of the requests for the first certificate of a node, how many are newer than one, and whether one that was made since some time has another key. */
  firstsBeside({ resourceVersion }: RequestView, node: string, keyHash: string, since: number): { newer: number; isContested: boolean } {
    const firsts = [...(this.#firsts.get(node)?.values() ?? [])];
    return {
      newer: firsts.filter(({ version }) => version > Number(resourceVersion)).length,
      isContested: firsts.some((first) => first.keyHash !== keyHash && first.createdAt >= since),
    };
  }

  #count(signer: Signer, more: number): void {
    this.#size += more;
    this.#counts.set(signer, (this.#counts.get(signer) ?? 0) + more);
  }
}

function keyOf({ requester, signer }: RequestView): string {
  return `${signer} ${requester}`;
}

/** Where a version is, or would be, in a list that grows. */
function place(versions: readonly number[], version: number): number {
  let [low, high] = [0, versions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((versions[middle] ?? 0) < version) low = middle + 1;
    else high = middle;
  }
  return low;
}
