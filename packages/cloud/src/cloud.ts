/** What a cloud says of a machine. Whatever leaves a doubt is "unsure", and nothing may be concluded from it. */
export type Verdict =
  | { state: "exists" }
  /** The cloud knows that there is no such machine, or none any more: `why` as in `terminated`. */
  | { state: "gone"; why: string }
  /** `why` as in `RequestLimitExceeded: …`, or `is in the region eu-west-1, and eu-central-1 is configured`. */
  | { state: "unsure"; why: string };

/** One account of a cloud in one place, as it is configured. */
export interface Cloud {
  /** As in `aws`. */
  readonly provider: string;
  /** What the cloud says of the machines of these providerIDs, each with its verdict. Rejects only with the signal's reason. */
  machines(providerIDs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Verdict>>;
  /** What the cloud says of the machine that would be a node of this name. Rejects only with the signal's reason. */
  machineNamed(node: string, signal: AbortSignal): Promise<Verdict>;
}
