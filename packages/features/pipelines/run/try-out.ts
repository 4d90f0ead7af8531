import { ApiError, each } from "@plimsoll/kube";
import { reserved, type Problem } from "@plimsoll/api";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { TemplateError } from "../language/template.ts";
import type { Plan, PlanStep } from "../plan/plan.ts";
import { knownPod, toldRefusal } from "../step/pod/refusals.ts";
import type { RunIdentity } from "../step/labels.ts";
import { isRefusal, type Hands } from "./carry-out.ts";

/** So many sorts of pods are tried. */
const most = 50;

/** So many at once. */
const width = 4;

/**
 * What the API server will never take of the pods that come later in a run: one of each sort is made as a dry run. Those that start at once are made
 * anyway. What may change until then, as quotas, rights, and whatever is looked up, is no problem.
 */
export async function tryOut(
  { client, limiter, signal }: Pick<Hands, "client" | "limiter" | "signal">,
  run: RunIdentity,
  plan: Plan,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  await each(width, laterPods(run, plan), async ({ step, pod }) => {
    await limiter.acquire(run.uid, signal);
    try {
      await client("pods").create(pod, { dryRun: "All", signal });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isRefusal(error) && !isOfDryRun(error))
        problems.push({ path: step.at, message: `the API server refuses its pod: ${toldRefusal(error.message, step, plan, pod)}` });
    }
  });
  return problems;
}

/**
 * Whether it is the dry run that is refused, with code 400, and not the pod: as by a webhook that may have side effects (Kubernetes 1.36,
 * apiserver's admission/plugin/webhook/errors).
 */
function isOfDryRun({ message }: ApiError): boolean {
  return message.includes("does not support dry run");
}

/** A pod of each sort, of those that none of the first steps has. */
function laterPods(run: RunIdentity, plan: Plan): { step: PlanStep; pod: Pod }[] {
  const [first, later] = [new Set<string>(), new Map<string, { step: PlanStep; pod: Pod }>()];
  for (const step of plan.steps) {
    const pod = podOf(step, plan, run);
    if (pod === undefined) continue;
    const sort = sortOf(pod);
    const startsAtOnce = step.needs.length === 0 && !step.isFinal && step.spec.if === undefined && !step.fanned;
    if (startsAtOnce) first.add(sort);
    else if (!later.has(sort)) later.set(sort, { step, pod });
  }
  return [...later].flatMap(([sort, one]) => (first.has(sort) ? [] : one)).slice(0, most);
}

/** Undefined for one that can't be made: that is told when its step starts. */
function podOf(step: PlanStep, plan: Plan, run: RunIdentity): Pod | undefined {
  if (step.spec.image === undefined) return undefined;
  try {
    return knownPod(step, plan, run);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

/** What the API server judges a pod by, without what it takes in any form: its name, its texts. */
function sortOf({ metadata, spec }: Pod): string {
  const { labels: _, annotations: __, name: ___, ...rest } = metadata ?? {};
  const containers = spec?.containers.map((container) => {
    if (container.name !== reserved.container) return container;
    const { image: _image, command: _command, args: _args, env = [], ...more } = container;
    return { ...more, env: env.map(({ name, valueFrom }) => ({ name, valueFrom })) };
  });
  return JSON.stringify({ ...rest, spec: { ...spec, containers, volumes: spec?.volumes?.filter(({ name }) => name !== reserved.files) } });
}
