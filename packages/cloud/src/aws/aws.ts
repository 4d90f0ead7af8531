import type { Cloud, Verdict } from "../cloud.ts";
import type { AwsConfig } from "../config.ts";
import { answerOf, doubt } from "../doubt.ts";
import { atOnce } from "../at-once.ts";
import { notGone } from "../verdicts.ts";
import type { Account } from "./account.ts";
import { verdictOf, type Instances } from "./instances.ts";
import { instanceOf } from "./provider-id.ts";

/** Values that a filter of EC2 takes at most. */
const batchSize = 200;

const width = 2;

/** The EC2 instances of a region of an account. */
export class Aws implements Cloud {
  readonly provider = "aws";
  readonly #instances: Instances;
  readonly #account: Account;
  readonly #config: AwsConfig;

  constructor(instances: Instances, account: Account, config: AwsConfig) {
    this.#instances = instances;
    this.#account = account;
    this.#config = config;
  }

  async machines(providerIDs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Verdict>> {
    const named = providerIDs.map((providerID) => [providerID, instanceOf(providerID, this.#config)] as const);
    const asked = [...new Set(named.flatMap(([, instance]) => (typeof instance === "string" ? [instance] : [])))];
    const verdicts = await this.#verdicts(asked, signal);
    return new Map(
      named.map(([providerID, instance]) => [
        providerID,
        typeof instance === "string" ? (verdicts.get(instance) ?? doubt("was not asked about")) : instance,
      ]),
    );
  }

  async machineNamed(node: string, signal: AbortSignal): Promise<Verdict> {
    // A filter takes wildcards.
    if (!/^[a-z0-9.-]+$/.test(node)) return doubt(`"${node}" can be no machine's name`);
    const foreign = await this.#account.doubt(signal);
    if (foreign !== undefined) return foreign;
    // EC2 names a machine by its address or by its ID; a node may be named by the ID alone.
    const filter = /^i-[0-9a-f]+$/.test(node) ? "instance-id" : "private-dns-name";
    const found = await answerOf(async (signal) => this.#instances.describe(filtered(filter, [node]), signal), signal);
    if ("state" in found) return found;
    const verdicts = found.map(verdictOf);
    return notGone(verdicts) ?? verdicts[0] ?? { state: "gone", why: `no EC2 instance has the ${filter} ${node}` };
  }

  /**
   * Asks for many by a filter, which leaves out what EC2 doesn't know: by their IDs, one that is unknown fails the question for all. What was left out
   * is asked for by its own ID.
   */
  async #verdicts(instances: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Verdict>> {
    const verdicts = new Map<string, Verdict>();
    if (instances.length === 0) return verdicts;
    const foreign = await this.#account.doubt(signal);
    if (foreign !== undefined) return new Map(instances.map((instance) => [instance, foreign]));
    for (let at = 0; at < instances.length; at += batchSize) {
      const batch = instances.slice(at, at + batchSize);
      const found = await answerOf(async (signal) => this.#instances.describe(filtered("instance-id", batch), signal), signal);
      if ("state" in found) for (const instance of batch) verdicts.set(instance, found);
      else for (const instance of found) if (instance.InstanceId !== undefined) verdicts.set(instance.InstanceId, verdictOf(instance));
    }
    const missing = instances.filter((instance) => !verdicts.has(instance));
    await atOnce(width, missing, async (instance) => verdicts.set(instance, await this.#confirmed(instance, signal)));
    return verdicts;
  }

  async #confirmed(instance: string, signal: AbortSignal): Promise<Verdict> {
    return answerOf<Verdict>(async (signal) => {
      const found = await this.#instances.describe({ InstanceIds: [instance] }, signal).catch((error: unknown) => {
        if (error instanceof Error && error.name === "InvalidInstanceID.NotFound") return undefined;
        throw error;
      });
      if (found === undefined) return { state: "gone", why: "EC2 knows no such instance" };
      const own = found.find(({ InstanceId }) => InstanceId === instance);
      // So EC2 answers of what another account has.
      return own === undefined ? doubt(`EC2 shows nothing of ${instance}, and doesn't say that it is unknown`) : verdictOf(own);
    }, signal);
  }
}

function filtered(Name: string, Values: string[]) {
  return { Filters: [{ Name, Values }], MaxResults: 1000 };
}
