import type { Path, Problem, SoundSparkSpec } from "@plimsoll/api";
import { containers, type Role } from "./labels.ts";

/** What the API server would refuse of a pod's spec, with paths in the pod. */
export type PodJudge = (spec: unknown) => readonly Problem[];

/** What the API server would refuse of the parts of an application that are a pod's, where they stand. */
export function partProblems({ driver = {}, executor = {}, volumes }: SoundSparkSpec["spec"], judge: PodJudge): Problem[] {
  // Volumes are those of both, and told of once.
  return [...roleProblems("driver", driver, volumes, judge), ...roleProblems("executor", executor, undefined, judge)];
}

function* roleProblems(role: Role, own: Own, volumes: Own["volumeMounts"], judge: PodJudge): Generator<Problem> {
  const { env, envFrom, volumeMounts, securityContext, lifecycle, sidecars = [], initContainers } = own;
  const { affinity, tolerations, dnsConfig, hostAliases, podSecurityContext } = own;
  const main = { name: containers[role], image: "spark", env, envFrom, volumeMounts, securityContext, lifecycle };
  const pod = { affinity, tolerations, dnsConfig, hostAliases, securityContext: podSecurityContext, initContainers, volumes };
  for (const { path, message } of judge({ ...pod, containers: [main, ...sidecars] }))
    if (!isMountOfOthers(path)) yield { path: ["spec", ...writtenAt(role, path.slice(1))], message };
  const template = own.template?.spec;
  if (template === undefined) return;
  const [first, ...others] = template.containers ?? [];
  const whole = [{ image: "spark", ...first, name: containers[role] }, ...others];
  for (const { path, message } of judge({ ...template, containers: whole }))
    if (!isMountOfOthers(path)) yield { path: ["spec", role, "template", ...path], message };
}

type Own = NonNullable<SoundSparkSpec["spec"]["driver" | "executor"]>;

/** Volumes may come from other fields, and from Plimsoll. */
function isMountOfOthers(path: Path): boolean {
  return path.at(-3) === "volumeMounts" && path.at(-1) === "name";
}

function writtenAt(role: Role, [field = "", index, ...rest]: Path): Path {
  if (field === "volumes") return [field, ...(index === undefined ? [] : [index]), ...rest];
  if (field === "containers" && typeof index === "number") return index === 0 ? [role, ...rest] : [role, "sidecars", index - 1, ...rest];
  return [role, field === "securityContext" ? "podSecurityContext" : field, ...(index === undefined ? [] : [index]), ...rest];
}
