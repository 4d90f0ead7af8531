import { isWithin, valueAt, type Path, type Problem } from "@plimsoll/api";
import { amountProblems, jobProblems, type JobSpec } from "./job.ts";
import { podSpecProblems } from "../pod/valid/pod.ts";
import { podSpec, shapeProblems, unknownField } from "../pod/valid/shape.ts";

/** What has pods among Kubernetes' own kinds. */
interface PodMaker {
  /** The fields of its spec. */
  shape: string;
  /** Where a pod's template stands in it; undefined: it is a pod. */
  template?: Path;
  /** What its pods may have as restartPolicy. */
  restart: readonly string[];
}

const job = { template: ["spec", "template"], restart: ["OnFailure", "Never"] };
const lasting = { template: ["spec", "template"], restart: ["Always"] };

const makers: Readonly<Record<string, PodMaker>> = {
  "v1 Pod": { shape: podSpec, restart: ["Always", "OnFailure", "Never"] },
  "batch/v1 Job": { shape: "V1JobSpec", ...job },
  "batch/v1 CronJob": { shape: "V1CronJobSpec", ...job, template: ["spec", "jobTemplate", "spec", "template"] },
  "apps/v1 Deployment": { shape: "V1DeploymentSpec", ...lasting },
  "apps/v1 StatefulSet": { shape: "V1StatefulSetSpec", ...lasting },
  "apps/v1 DaemonSet": { shape: "V1DaemonSetSpec", ...lasting },
  "apps/v1 ReplicaSet": { shape: "V1ReplicaSetSpec", ...lasting },
};

/** Where objects of any kind may have a pod, or name a ServiceAccount: the API server's policies look for one there. */
const mapsOfAny = ["spec", "spec.template", "spec.template.spec", "spec.driver", "spec.template.driver"].map((place) => place.split("."));

interface Written {
  apiVersion?: unknown;
  kind?: unknown;
}

/**
 * What the API server would refuse of an object that has pods, as far as these go and Kubernetes' own kinds; `at`: where the object stands. What an
 * expression gives isn't known.
 */
export function podProblemsOf(object: Written, at: Path): Problem[] {
  const maker = makers[`${String(object.apiVersion)} ${String(object.kind)}`];
  const problems = maker === undefined ? [...mapProblems(object)] : kindProblems(withoutExpressions(object, maker), maker);
  const isKnown = ({ path, message }: Problem): boolean =>
    message.startsWith(unknownField) || (!holdsExpression(valueAt(object, path)) && !isGivenElsewhere(object, path));
  return problems.filter(isKnown).map(({ path, ...problem }) => ({ ...problem, path: [...at, ...path] }));
}

function* mapProblems(object: Written): Generator<Problem> {
  for (const path of mapsOfAny) {
    const value = valueAt(object, path);
    if (Array.isArray(value)) yield { path, message: "is a list: must be a map" };
  }
}

function kindProblems(object: Written, maker: PodMaker): Problem[] {
  const spec = valueAt(object, ["spec"]);
  if (spec === undefined) return [{ path: ["spec"], message: "is missing: give a map" }];
  const podAt = maker.template === undefined ? ["spec"] : [...maker.template, "spec"];
  const pod = valueAt(object, podAt);
  // Those of the pod come with what is said of it.
  const shape = [...shapeProblems(spec, maker.shape, ["spec"])].filter(({ path }) => pod === undefined || !isWithin(path, podAt));
  if (pod === undefined) return shape.length > 0 ? shape : [{ path: podAt, message: "is missing: give a map" }];
  const ofPod = podSpecProblems(pod)
    // A container that may start again may do so to be given more.
    .filter(({ path }) => valueAt(pod, path.slice(1)) !== "RestartContainer" || valueAt(pod, ["restartPolicy"]) === "Never")
    .map(({ path, ...problem }) => ({ ...problem, path: [...podAt, ...path.slice(1)] }));
  if (typeof pod !== "object" || Array.isArray(pod)) return [...shape, ...ofPod];
  return [
    ...shape,
    ...ofPod,
    ...containersProblems(pod, podAt),
    ...restartProblems(pod, podAt, maker),
    ...selectorProblems(object, maker),
    ...(shape.length > 0 ? [] : ownProblems(spec, maker)),
  ];
}

/** What the rules of its kind find in a spec whose fields are of their types. */
function* ownProblems(spec: unknown, { shape, template }: PodMaker): Generator<Problem> {
  if (template === undefined) return;
  const at = template.slice(0, -1);
  const own = valueAt({ spec }, at);
  yield* amountProblems(own, at);
  // Its fields are of their types.
  if (shape === "V1JobSpec" || shape === "V1CronJobSpec") yield* jobProblems(own as JobSpec, at);
}

function* containersProblems(pod: unknown, at: Path): Generator<Problem> {
  const containers = valueAt(pod, ["containers"]) ?? [];
  if (Array.isArray(containers) && containers.length === 0)
    yield { path: [...at, "containers"], message: "is missing: give at least one container, with a name and an image" };
}

function* restartProblems(pod: unknown, at: Path, { restart }: PodMaker): Generator<Problem> {
  const given = valueAt(pod, ["restartPolicy"]) ?? undefined;
  const message = `must be ${restart.join(" or ")}`;
  const path = [...at, "restartPolicy"];
  if (given === undefined && !restart.includes("Always")) yield { path, message: `is missing, which stands for Always: ${message}` };
  else if (typeof given === "string" && !restart.includes(given)) yield { path, message: `is ${JSON.stringify(given)}: ${message}` };
}

/** What keeps its pods knows them by their labels. */
function* selectorProblems(object: Written, { template }: PodMaker): Generator<Problem> {
  if (template === undefined || String(object.apiVersion) !== "apps/v1") return;
  const path = ["spec", "selector"];
  const selector = valueAt(object, path);
  if (selector === undefined) yield { path, message: "is missing: give matchLabels, as the template's labels are" };
  const labels = valueAt(object, [...template, "metadata", "labels"]) ?? {};
  const chosen = Object.entries(valueAt(selector, ["matchLabels"]) ?? {});
  if (!holdsExpression(labels) && chosen.some(([key, value]) => valueAt(labels, [key]) !== value))
    yield { path, message: "doesn't choose the pods of the template: give its matchLabels what metadata.labels of the template have" };
}

/**
 * An object without what stands in the place of a number or the like, and is an expression; without the whole list for one of its entries, so
 * that no other entry is told by another's place.
 */
function withoutExpressions(object: Written, { shape }: PodMaker): Written {
  const copy = structuredClone(object);
  for (const { path, message } of shapeProblems(valueAt(object, ["spec"]), shape, ["spec"])) {
    if (message.startsWith(unknownField)) continue;
    const field = path.findLastIndex((part) => typeof part === "string");
    const holder = valueAt(copy, path.slice(0, field));
    if (holdsExpression(valueAt(object, path)) && typeof holder === "object" && holder !== null)
      Reflect.deleteProperty(holder, path[field] ?? "");
  }
  return copy;
}

/** What containers name, by what names it: lists of the pod. */
const named: Readonly<Record<string, string>> = { volumeMounts: "volumes", volumeDevices: "volumes", claims: "resourceClaims" };

/** Whether it is about a name of what an expression may give, or a StatefulSet gives each of its pods. */
function isGivenElsewhere(object: Written, path: Path): boolean {
  const containers = path.findIndex((part) => typeof part === "string" && /^(?:c|initC|ephemeralC)ontainers$/.test(part));
  const list = path.at(-1) === "name" ? named[String(path.at(-3))] : undefined;
  if (list === undefined) return false;
  const templates = list === "volumes" ? valueAt(object, ["spec", "volumeClaimTemplates"]) : undefined;
  const isOfSet = Array.isArray(templates) && templates.some((one) => valueAt(one, ["metadata", "name"]) === valueAt(object, path));
  return isOfSet || holdsExpression(templates) || holdsExpression(valueAt(object, [...path.slice(0, containers), list]));
}

function holdsExpression(value: unknown): boolean {
  return value !== undefined && (JSON.stringify(value) ?? "").includes("${{");
}
