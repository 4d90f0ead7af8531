import { quoted } from "./fault.ts";
import type { CertificateRequest } from "../pkcs10/read.ts";
import type { RequestView } from "./request-view.ts";

/** Keys, and nodes, that are remembered. */
const most = 20_000;

/** How long after a node's first certificate was approved no other of its name is: it has joined by then. */
export const firstInterval = 15 * 60_000;

/**
 * What was approved: which keys, and which nodes' first certificates. It is filled from the requests that the API server has, which are an
 * hour's, and keeps more than that while the process lives; of too many the oldest are forgotten.
 */
export class Ledger {
  readonly #keys = new Map<string, { uid: string; of: string }>();
  readonly #firsts = new Map<string, { uid: string; at: number }>();

  /** Takes in that a request was or will be approved: `first`, where it is for a node's first certificate, the node and when. */
  add(
    { uid, name, signer }: Pick<RequestView, "uid" | "name" | "signer">,
    { keyHash, commonName }: CertificateRequest,
    first?: { node: string; at: number },
  ): void {
    put(this.#keys, keyHash, { uid, of: `${quoted(commonName)} by ${signer} (${name})` });
    if (first !== undefined) put(this.#firsts, first.node, { uid, at: first.at });
  }

  /** Takes back what was added for a request that was not approved after all. */
  remove({ uid }: Pick<RequestView, "uid">, { keyHash }: CertificateRequest, node: string): void {
    if (this.#keys.get(keyHash)?.uid === uid) this.#keys.delete(keyHash);
    if (this.#firsts.get(node)?.uid === uid) this.#firsts.delete(node);
  }

  /** For whom the key was certified by another request. */
  useOf(keyHash: string, uid: string): string | undefined {
    const use = this.#keys.get(keyHash);
    return use === undefined || use.uid === uid ? undefined : use.of;
  }

  /** When another request for the first certificate of this node was approved. */
  firstAt(node: string, uid: string): number | undefined {
    const first = this.#firsts.get(node);
    return first === undefined || first.uid === uid ? undefined : first.at;
  }
}

function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (oldest !== undefined && map.size > most) map.delete(oldest);
}
