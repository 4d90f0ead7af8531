/** The times of an election, in milliseconds. */
export interface Durations {
  /** How long others wait after the holder's last renewal that they saw, until they take the lease. Whole seconds, as the Lease has it. */
  leaseDuration: number;
  /** How long a holder goes on after it last asked for a renewal that was granted. What lies between this and `leaseDuration` is for what is still on its way. */
  renewDeadline: number;
  /** From one attempt to acquire or to renew the lease to the next. */
  retryPeriod: number;
}

/** As Kubernetes' own components have them. */
export const defaultDurations: Durations = { leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 };

/** Which of the times is wrong, and why. */
export interface DurationsFault {
  name: keyof Durations;
  message: string;
}

/** What is wrong with times with which two could hold the lease, or nobody for long; undefined where they go together. */
export function durationsFault({ leaseDuration, renewDeadline, retryPeriod }: Durations): DurationsFault | undefined {
  if (!(leaseDuration > 0) || leaseDuration % 1_000 !== 0)
    return { name: "leaseDuration", message: `is ${seconds(leaseDuration)}: must be whole seconds, at least one` };
  if (!(renewDeadline < leaseDuration)) {
    const message = `is ${seconds(renewDeadline)}: must be less than leaseDuration, ${seconds(leaseDuration)}, or another may hold the lease before its holder stops`;
    return { name: "renewDeadline", message };
  }
  if (!(retryPeriod > 0 && 2 * retryPeriod <= renewDeadline)) {
    const message = `is ${seconds(retryPeriod)}: must be more than 0 and at most half of renewDeadline, ${seconds(renewDeadline)}, so that one failure doesn't lose the lease`;
    return { name: "retryPeriod", message };
  }
  return undefined;
}

/** Throws a RangeError for times that don't go together. */
export function checkDurations(durations: Durations): void {
  const fault = durationsFault(durations);
  if (fault !== undefined) throw new RangeError(`leader election: ${fault.name} ${fault.message}`);
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1_000} s`;
}
