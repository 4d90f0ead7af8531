import { UsageError } from "../../failure.ts";

/** Throws a UsageError where arguments name standard input twice. */
export function checkReadOnce(sources: readonly (string | undefined)[]): void {
  if (sources.filter((source) => source === "-").length > 1)
    throw new UsageError("-: standard input can be read only once: put one of the two in a file");
}
