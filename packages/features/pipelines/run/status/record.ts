import { stepStatus, type StepStatus } from "@plimsoll/api";

/** Reads what a pod carries of steps that had ended: their entries by name. What isn't one is left out, as others may have changed it. */
export function parseRecord(text: string): Record<string, StepStatus> {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof entries !== "object" || entries === null) return {};
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, entry]) => {
      const parsed = stepStatus.safeParse(entry);
      return parsed.success ? [[name, parsed.data]] : [];
    }),
  );
}
