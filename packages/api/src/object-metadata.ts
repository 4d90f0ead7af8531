import { closest } from "./elsewhere/closest.ts";
import { labelPattern, objectName } from "./schema/field.ts";
import { isLabelKey, isLabelValue, keyRule, valueRule } from "./label-selector.ts";
import type { Path } from "./problems/path.ts";
import type { Problem } from "./problems/problem.ts";

/** The fields of an object's metadata (k8s.io/apimachinery, ObjectMeta). */
const fields =
  "name generateName namespace labels annotations finalizers ownerReferences uid resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds managedFields selfLink".split(
    " ",
  );

interface Metadata {
  name?: string | undefined;
  generateName?: string | undefined;
  namespace?: string | undefined;
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
}

/** What the API server would refuse of an object's metadata, beside what its kind says of its name. */
export function* metadataProblems(metadata: Metadata): Generator<Problem> {
  const at = ["metadata"];
  const { name, generateName, namespace, labels = {}, annotations = {} } = metadata;
  for (const key of Object.keys(metadata))
    if (!fields.includes(key)) yield { path: [...at, key], message: `there is no such field${closest(key, fields)}` };
  if (!name && !generateName) yield { path: [...at, "name"], message: "is missing: give one, or a generateName with which names begin" };
  if (name && !objectName.safeParse(name).success)
    yield {
      path: [...at, "name"],
      message: `is ${JSON.stringify(name)}: must be at most 253 lower-case letters, digits, dashes and dots, and begin and end with a letter or a digit`,
    };
  // What is put behind it begins with a letter or a digit.
  if (generateName && !objectName.safeParse(`${generateName}x`).success)
    yield {
      path: [...at, "generateName"],
      message: `is "${generateName}": must be lower-case letters, digits, dashes and dots, and begin with a letter or a digit`,
    };
  if (namespace !== undefined && (!labelPattern.test(namespace) || namespace.length > 63))
    yield {
      path: [...at, "namespace"],
      message: `is "${namespace}": must be a namespace's name: lower-case letters, digits and dashes, that begins and ends with a letter or a digit`,
    };
  yield* labelProblems(labels, [...at, "labels"]);
  for (const key of Object.keys(annotations))
    if (!isLabelKey(key.toLowerCase()))
      yield { path: [...at, "annotations", key], message: keyRule.replace("a label's", "an annotation's") };
}

function* labelProblems(labels: Record<string, string>, at: Path): Generator<Problem> {
  for (const [key, value] of Object.entries(labels)) {
    if (!isLabelKey(key)) yield { path: [...at, key], message: keyRule };
    if (!isLabelValue(value)) yield { path: [...at, key], message: `is ${JSON.stringify(value)}: ${valueRule}` };
  }
}
