/** An object's labels. */
export type Labels = Readonly<Record<string, string>>;

/** As in a LabelSelector of meta/v1. */
interface Requirement {
  key: string;
  operator: string;
  values?: readonly string[] | undefined;
}

/** A LabelSelector of meta/v1. */
export interface Selector {
  matchLabels?: Labels | undefined;
  matchExpressions?: readonly Requirement[] | undefined;
}

/** Whether a selector chooses what has these labels. An empty one chooses everything, none at all nothing (as in policy/v1). */
export function matches(selector: Selector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labelOf(labels, key) === value) &&
    matchExpressions.every((requirement) => meets(requirement, labelOf(labels, requirement.key)))
  );
}

/** Whether a label's value, or that there is none, meets a requirement. What has no such label meets `NotIn`, too. */
export function meets({ operator, values = [] }: Omit<Requirement, "key">, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false; // The API server takes no other.
  }
}

/** A label's value. What every object inherits is no label. */
export function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
