import type { NodeSelector, NodeSelectorRequirement } from "kubernetes-types/core/v1.d.ts";
import type { NodeView } from "../node.ts";
import type { PodShape } from "../pod.ts";
import { labelOf, meets } from "../selector.ts";

/** Whether a pod's nodeSelector and required node affinity let it onto a node. */
export function wantsNode({ nodeSelector, affinity }: PodShape, node: NodeView): boolean {
  for (const key in nodeSelector) if (labelOf(node.labels, key) !== nodeSelector[key]) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || selectsNode(required, node);
}

/** Whether a pod's required node affinity may be met by a node of this name: only if each of its terms names nodes is anything ruled out. */
export function namesNode({ affinity }: PodShape, name: string): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    terms?.some(({ matchFields = [] }) => {
      const names = matchFields.filter(({ key, operator }) => key === "metadata.name" && operator === "In");
      return names.every(({ values = [] }) => values.includes(name));
    }) ?? true
  );
}

/** Whether a node is one of those selected: by any of the terms, an empty one of which selects none. */
export function selectsNode({ nodeSelectorTerms }: NodeSelector, node: NodeView): boolean {
  return nodeSelectorTerms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.length + matchFields.length > 0 &&
      matchExpressions.every((requirement) => holds(requirement, labelOf(node.labels, requirement.key))) &&
      matchFields.every((requirement) => holds(requirement, requirement.key === "metadata.name" ? node.name : undefined)),
  );
}

/** Of nodes alone numbers are compared, too. */
function holds(requirement: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (requirement.operator) {
    case "Gt":
      return compared(value, requirement.values?.[0], (a, b) => a > b);
    case "Lt":
      return compared(value, requirement.values?.[0], (a, b) => a < b);
    default:
      return meets(requirement, value);
  }
}

/** What is no whole number is neither greater nor less. */
function compared(value: string | undefined, limit: string | undefined, holds: (a: bigint, b: bigint) => boolean): boolean {
  const [a, b] = [value, limit].map((text) => (/^[+-]?\d+$/.test(text ?? "") ? BigInt((text ?? "").replace("+", "")) : undefined));
  return a !== undefined && b !== undefined && holds(a, b);
}
