import { readSparkSpec, soundSparkSpec, type Problem, type SoundSparkSpec, type SparkApplicationSpec } from "@plimsoll/api";
import { propertyProblems } from "./conf/refused.ts";
import { partProblems, type PodJudge } from "./parts.ts";

/** What the installation says of applications. */
export interface Rules {
  /** The ServiceAccounts that drivers may run as; the first is the default. Undefined: that isn't known, and any may be. */
  serviceAccounts: readonly string[] | undefined;
  /** Judges what is a pod's where there is no API server. */
  judge?: PodJudge | undefined;
}

/** Reads an application's spec: nothing of it is ignored. */
export function checkedSpec(
  spec: unknown,
  rules: Rules,
  at: readonly string[] = ["spec"],
): { spec: SparkApplicationSpec } | { problems: readonly Problem[] } {
  const read = readSparkSpec(spec, at);
  const wrong = "problems" in read ? read.problems : [];
  const sound = "spec" in read ? { spec: read.spec, unread: new Set<string>() } : soundSparkSpec(spec, wrong, at);
  if (sound === undefined) return { problems: wrong };
  const ofPods = rules.judge === undefined ? [] : partProblems(sound.spec, rules.judge);
  const found = [...relations(sound, rules), ...propertyProblems(sound.spec), ...ofPods].map(({ path, message }) => ({
    path: [...at, ...path.slice(1)],
    message,
  }));
  return "spec" in read && found.length === 0 ? read : { problems: [...wrong, ...found] };
}

/** What fields ask of each other, as far as they could be read. */
function* relations({ spec, unread }: SoundSparkSpec, { serviceAccounts }: Rules): Generator<Problem> {
  const { driver = {}, executor = {}, dynamicAllocation = {} } = spec;
  const isRead = (...fields: string[]): boolean => !fields.some((field) => unread.has(field));
  if (isRead("mainApplicationFile", "mainClass")) yield* mainProblems(spec);
  if (isRead("image", "driver", "driver.image", "executor", "executor.image", "sparkConf")) yield* missingImages(spec);
  const account = driver.serviceAccount;
  if (account !== undefined && serviceAccounts?.includes(account) === false)
    yield {
      path: ["spec", "driver", "serviceAccount"],
      message: `is ${JSON.stringify(account)}: must be ${serviceAccounts.join(" or ")}, or be added to features.spark.serviceAccounts of the installation`,
    };
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  if (isRead("volumes"))
    for (const [role, { volumeMounts = [] }] of Object.entries({ driver, executor }))
      for (const [index, { name }] of volumeMounts.entries())
        if (!volumes.has(name))
          yield {
            path: ["spec", role, "volumeMounts", index, "name"],
            message: `is ${JSON.stringify(name)}: spec.volumes has no volume of that name`,
          };
  if (driver.template?.spec !== undefined && ("serviceAccountName" in driver.template.spec || "serviceAccount" in driver.template.spec))
    yield { path: ["spec", "driver", "template"], message: "names a ServiceAccount: give driver.serviceAccount" };
  const { minExecutors = 0, maxExecutors = Infinity } = dynamicAllocation;
  if (minExecutors > maxExecutors)
    yield {
      path: ["spec", "dynamicAllocation", "minExecutors"],
      message: `is ${minExecutors}: must be at most maxExecutors, which is ${maxExecutors}`,
    };
}

function* mainProblems({ type, mainApplicationFile, mainClass }: SoundSparkSpec["spec"]): Generator<Problem> {
  if (mainApplicationFile !== undefined) return;
  const path = ["spec", "mainApplicationFile"];
  if (type === "Python" || type === "R")
    yield { path, message: `is missing: give the ${type} file, as in local:///opt/spark/work-dir/main${type === "R" ? ".R" : ".py"}` };
  if (mainClass === undefined && (type === "Java" || type === "Scala"))
    yield { path, message: "is missing: give the JAR, as in local:///opt/spark/work-dir/main.jar, or mainClass" };
}

function* missingImages({ image, driver, executor, sparkConf = {} }: SoundSparkSpec["spec"]): Generator<Problem> {
  const common = image ?? sparkConf["spark.kubernetes.container.image"];
  if (common === undefined && driver?.image === undefined)
    yield { path: ["spec", "image"], message: "is missing: give the image of Spark" };
  else if (common === undefined && executor?.image === undefined && sparkConf["spark.kubernetes.executor.container.image"] === undefined)
    yield { path: ["spec", "executor", "image"], message: "is missing: give it, or spec.image" };
}
