import type { Cluster } from "@plimsoll/cluster";
import { readFileSync } from "node:fs";
import { Agent, request, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";

/** Pairs of texts of one length: an object's bytes stay in their places where one stands for the other. */
export type Replacements = readonly (readonly [from: string, to: string])[];

/**
 * Writes copies of objects straight into etcd, each with some texts replaced: a hundred thousand within half a minute, as the API server itself
 * would have written them. Its watches see them as any others.
 */
export class EtcdCopies {
  readonly #agent: Agent;
  readonly #url: string;

  constructor({ etcd }: Pick<Cluster, "etcd">) {
    const { ca, cert, key, urls } = etcd;
    this.#agent = new Agent({ ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key), keepAlive: true });
    this.#url = urls.http;
  }

  /** Copies what is at a key, as the API server has written it. */
  async copy(key: string, copies: readonly Replacements[]): Promise<void> {
    const { kvs } = (await this.#post("/v3/kv/range", { key: base64(key) })) as { kvs?: { value: string }[] };
    const found = kvs?.[0]?.value;
    if (found === undefined) throw new Error(`etcd has nothing at ${key}`);
    const value = Buffer.from(found, "base64").toString("latin1");
    for (let first = 0; first < copies.length; first += 100) {
      const success = copies.slice(first, first + 100).map((replacements) => ({
        request_put: {
          key: base64(replaced(key, replacements)),
          value: Buffer.from(replaced(value, replacements), "latin1").toString("base64"),
        },
      }));
      await this.#post("/v3/kv/txn", { success });
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #post(path: string, body: object): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options: RequestOptions = { method: "POST", agent: this.#agent, headers: { "content-type": "application/json" } };
    request(`${this.#url}${path}`, options, resolve).on("error", reject).end(JSON.stringify(body));
    const response = await promise;
    const answer = await text(response);
    if (response.statusCode !== 200) throw new Error(`etcd answered ${path} with ${response.statusCode}: ${answer}`);
    return JSON.parse(answer);
  }
}

function replaced(value: string, replacements: Replacements): string {
  let result = value;
  for (const [from, to] of replacements) {
    if (from.length !== to.length) throw new RangeError(`"${from}" and "${to}" differ in length`);
    result = result.replaceAll(from, to);
  }
  return result;
}

function base64(value: string): string {
  return Buffer.from(value, "latin1").toString("base64");
}
