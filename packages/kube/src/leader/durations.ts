/** The times of an election, in milliseconds. */
export interface Durations {
  /** How long others wait after the holder's last renewal that they saw, until they take the lease. Whole seconds, as the Lease has it. */
  lease: number;
  /** How long a holder goes on after it last asked for a renewal that was granted. What lies between this and `lease` is for what is still on its way. */
  renewDeadline: number;
  /** From one attempt to acquire or to renew the lease to the next. */
  retryPeriod: number;
}

/** As Kubernetes' own components have them. */
export const defaultDurations: Durations = { lease: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 };

/** Throws a RangeError for times with which two could hold the lease, or nobody for long. */
export function checkDurations({ lease, renewDeadline, retryPeriod }: Durations): void {
  const fault =
    lease % 1_000 !== 0 || lease <= 0
      ? `lease is ${lease} ms: give whole seconds`
      : !(renewDeadline < lease)
        ? `renewDeadline is ${renewDeadline} ms: it must be less than lease, ${lease} ms, or another may hold the lease before its holder stops`
        : !(retryPeriod > 0 && 2 * retryPeriod <= renewDeadline)
          ? `retryPeriod is ${retryPeriod} ms: give at most half of renewDeadline, ${renewDeadline} ms, so that one failure doesn't lose the lease`
          : undefined;
  if (fault !== undefined) throw new RangeError(`leader election: ${fault}`);
}
