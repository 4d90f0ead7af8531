import { atOnce } from "./at-once.ts";
import type { Verdict } from "./cloud.ts";
import type { Doubt } from "./doubt.ts";

/** What a cloud says that is asked for one machine at a time: of each providerID once, and not of what names none of its machines. */
export async function verdictsOf<M extends object>(
  width: number,
  providerIDs: readonly string[],
  machineOf: (providerID: string) => M | Doubt,
  ask: (machine: M) => Promise<Verdict>,
): Promise<ReadonlyMap<string, Verdict>> {
  const isDoubt = (machine: M | Doubt): machine is Doubt => "state" in machine;
  const verdicts = await atOnce(width, [...new Set(providerIDs)], async (providerID): Promise<[string, Verdict]> => {
    const machine = machineOf(providerID);
    return [providerID, isDoubt(machine) ? machine : await ask(machine)];
  });
  return new Map(verdicts);
}

/** Of machines that may be the one that is looked for, what is said of one that exists, or may; undefined: all are gone. */
export function notGone(verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.find(({ state }) => state === "exists") ?? verdicts.find(({ state }) => state === "unsure");
}
