import type { InventoryBy } from "@plimsoll/model";
import { UsageError } from "../failure.ts";

const places = ["node", "namespace", "workload", "pipeline", "run"] as const;

/** The help of `--by`. */
export const byHelp = "node, namespace, workload, pipeline, run, or a label of pods; label:KEY for one that is called as one of these";

/** What `--by` says. */
export function parseBy(text: string): InventoryBy {
  const place = places.find((place) => place === text);
  if (place !== undefined) return place;
  const label = text.replace(/^label:/, "");
  if (/^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(label)) return { label };
  throw new UsageError(`--by ${text}: is neither ${places.join(", ")} nor the key of a label, as in team or example.com/team`);
}

/** What names the rows, in a table's heading. */
export function headingOf(by: InventoryBy): string {
  return typeof by === "string" ? by.toUpperCase() : by.label;
}

/** Whether the rows are in namespaces. */
export function isNamespaced(by: InventoryBy): boolean {
  return by === "workload" || by === "pipeline" || by === "run";
}
