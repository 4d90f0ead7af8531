import type { InventoryBy, Place } from "@plimsoll/model";
import { UsageError } from "../failure.ts";
import { visible } from "../permissions/visible.ts";

const known = ["node", "namespace", "workload", "pipeline", "run"] as const;

/** What pods are counted by: `namespace`, `label:team`, or a label's key alone where it is no other word. Throws a UsageError. */
export function parseBy(text: string): InventoryBy {
  const singular = text.replace(/s$/, "");
  const found = known.find((one) => one === text || one === singular);
  if (found !== undefined) return found;
  const label = text.replace(/^label[:=]/, "");
  if (!/^([a-z0-9A-Z]([-.a-z0-9A-Z]*[a-z0-9A-Z])?\/)?[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$/.test(label))
    throw new UsageError(`--by ${text}: is neither one of ${known.join(", ")} nor a label's key, as in team or label:team`);
  return { label };
}

/** The words above a row's name, and the name itself. */
export function nameOf({ name, namespace, kind }: Place, by: InventoryBy): string {
  const none = by === "node" ? "(no node yet)" : typeof by === "object" ? `(no ${by.label})` : `(no ${by})`;
  if (name === undefined) return none;
  const shown = name === "" && by === "pipeline" ? "(of its own)" : kind === undefined ? name : `${kind}/${name}`;
  return visible(namespace === undefined ? shown : `${namespace}/${shown}`);
}

/** What heads the names. */
export function headingOf(by: InventoryBy): string {
  return (typeof by === "object" ? by.label : by).toUpperCase();
}
