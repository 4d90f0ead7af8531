import { readSparkSpec, type Problem, type SparkApplicationSpec } from "@plimsoll/api";
import { propertyProblems } from "./conf/refused.ts";

/** What the installation says of applications. */
export interface Rules {
  /** The ServiceAccounts that drivers may run as; the first is the default. Undefined: that isn't known, and any may be. */
  serviceAccounts: readonly string[] | undefined;
}

/** Reads an application's spec: nothing of it is ignored. */
export function checkedSpec(
  spec: unknown,
  rules: Rules,
  at: readonly string[] = ["spec"],
): { spec: SparkApplicationSpec } | { problems: readonly Problem[] } {
  const read = readSparkSpec(spec, at);
  if ("problems" in read) return read;
  const problems = [...relations(read.spec, rules), ...propertyProblems(read.spec)].map(({ path, message }) => ({
    path: [...at, ...path.slice(1)],
    message,
  }));
  return problems.length > 0 ? { problems } : read;
}

function* relations(spec: SparkApplicationSpec, { serviceAccounts }: Rules): Generator<Problem> {
  const { type, mainApplicationFile, mainClass, image, driver, executor, sparkConf = {} } = spec;
  const main = ["spec", "mainApplicationFile"];
  if (mainApplicationFile === undefined && (type === "Python" || type === "R"))
    yield {
      path: main,
      message: `is missing: give the ${type} file, as in local:///opt/spark/work-dir/main${type === "R" ? ".R" : ".py"}`,
    };
  if (mainApplicationFile === undefined && mainClass === undefined && (type === "Java" || type === "Scala"))
    yield { path: main, message: "is missing: give the JAR, as in local:///opt/spark/work-dir/main.jar, or mainClass" };
  const common = image ?? sparkConf["spark.kubernetes.container.image"];
  if (common === undefined && driver.image === undefined) yield { path: ["spec", "image"], message: "is missing: give the image of Spark" };
  else if (common === undefined && executor.image === undefined && sparkConf["spark.kubernetes.executor.container.image"] === undefined)
    yield { path: ["spec", "executor", "image"], message: "is missing: give it, or spec.image" };
  const account = driver.serviceAccount;
  if (account !== undefined && serviceAccounts?.includes(account) === false)
    yield {
      path: ["spec", "driver", "serviceAccount"],
      message: `is ${JSON.stringify(account)}: must be ${serviceAccounts.join(" or ")}, or be added to features.spark.serviceAccounts of the installation`,
    };
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  for (const role of ["driver", "executor"] as const)
    for (const [index, { name }] of (spec[role].volumeMounts ?? []).entries())
      if (!volumes.has(name))
        yield {
          path: ["spec", role, "volumeMounts", index, "name"],
          message: `is ${JSON.stringify(name)}: spec.volumes has no volume of that name`,
        };
  if (driver.template !== undefined && hasAccount(driver.template))
    yield { path: ["spec", "driver", "template"], message: "names a ServiceAccount: give driver.serviceAccount" };
}

function hasAccount(template: Readonly<Record<string, unknown>>): boolean {
  const { spec } = template;
  return typeof spec === "object" && spec !== null && ("serviceAccountName" in spec || "serviceAccount" in spec);
}
