import { combinations } from "./combinations.ts";
import { dangers } from "./dangers/index.ts";
import { everything, forms } from "./forms.ts";
import { nodesInReach } from "./nodes-in-reach.ts";

/** The ids of all risks, but those that have a ServiceAccount's name in them. */
export const riskIds: readonly string[] = [
  ...[everything, ...forms, ...dangers, ...combinations].map(({ id }) => id),
  nodesInReach,
  // Told of bindings by whoever reads them.
  "bound-to-everybody",
  "changed-default",
];

const ids = new Set(riskIds);

/** Whether a finding may have the id, with a ServiceAccount's name too. */
export function isKnownRisk(id: string): boolean {
  return ids.has(id) || /^(powerful-account|cloud-identity)\/./.test(id);
}
