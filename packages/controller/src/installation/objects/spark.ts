import type { Values } from "../values/values.ts";

/** Whether the kinds of Spark's that the values want are installed. */
export function hasSparkKinds({ crds, features: { spark } }: Pick<Values, "crds" | "features">): boolean {
  return crds.create && spark?.enabled === true && spark["crds"] === true;
}

/** Whether it is Plimsoll that runs Spark applications, and not the Spark operator. */
export function runsSpark({ features: { spark } }: Pick<Values, "features">): boolean {
  return spark?.enabled === true && spark["mode"] === "native";
}
