import { up, type Cluster, type UpOptions } from "@plimsoll/cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll } from "vitest";
import { addressesOf, Requests, someAddress } from "./certificate-requests.ts";
import { csrFeature, type CsrFeature } from "./csr-feature.ts";
import { started } from "./local-cluster.ts";

/** A cluster of a file's own, in which anybody may ask for certificates, and the feature approves what it does. */
export class CertificateSite {
  cluster!: Cluster;
  requests!: Requests;
  #feature!: CsrFeature;
  readonly #stops: (() => Promise<void>)[] = [];
  #count = 0;

  constructor(name: string, options: UpOptions) {
    beforeAll(async () => {
      this.cluster = await up({ name: started(name), audit: true, ...options });
      this.requests = new Requests(this.cluster.kubeconfig);
      await this.requests.letAsk("system:authenticated");
      this.#feature = await csrFeature(this.cluster.kubeconfig);
    });
    afterEach(async () => {
      for (const stop of this.#stops.splice(0)) await stop();
    });
    afterAll(async () => {
      await this.requests?.close();
      await this.cluster?.down();
    });
  }

  /** Runs the feature until the test's end, or until what this gives is called. */
  async run(...how: Parameters<CsrFeature["run"]>): Promise<() => Promise<void>> {
    const stop = await this.#feature.run(...how);
    this.#stops.push(stop);
    return async () => {
      this.#stops.splice(this.#stops.indexOf(stop), 1);
      await stop();
    };
  }

  metric(series: string): Promise<number | undefined> {
    return this.#feature.metric(series);
  }

  /** A Node of its own, with its address. */
  async newNode(): Promise<{ node: string; address: string }> {
    const node = `ghost-${this.#count++}`;
    const address = someAddress();
    await this.requests.node(node, addressesOf(node, address));
    return { node, address };
  }

  /** The word of the event that says why a request was not approved. */
  reasonOf(name: string): Promise<string> {
    return until(`${name} is told why`, 120, async () =>
      (await this.requests.told(name)).map((text) => text.split(":")[0]).find((reason) => reason !== "Approved"),
    );
  }

  async conditionsOf(name: string) {
    return (await this.requests.get(name)).status?.conditions;
  }
}

/** Looks until there is something; throws an Error when that takes too many seconds. */
export async function until<T>(what: string, seconds: number, look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = performance.now() + seconds * 1_000; performance.now() < deadline; await sleep(100)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}
