import { ApiError, each } from "@plimsoll/kube";
import { reserved, type Problem } from "@plimsoll/api";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { TemplateError } from "../../language/template.ts";
import type { Plan, PlanStep } from "../../plan/plan.ts";
import { knownPod, toldRefusal } from "../../step/pod/refusals.ts";
import { objectKindOf } from "../../step/kinds.ts";
import type { RunIdentity } from "../../step/labels.ts";
import { inherited } from "../../step/pod/metadata.ts";
import type { StepObject } from "../../step/manifest/stored.ts";
import { handsOf, isRefusal, nounOf, type Hands } from "./carry-out.ts";
import { knownObjects } from "./known-objects.ts";

/** So many sorts of pods are tried. */
const most = 50;

/** So many at once. */
const width = 4;

/** What is tried, and where what is wrong with it stands. */
interface Trial {
  step: PlanStep;
  object: Pod | StepObject;
  /** Of what kind it is, as in `batch/v1 Job`; undefined: it is a pod. */
  kind: string | undefined;
}

/**
 * What the API server will never take of the pods and other objects that come later in a run: one of each sort is made as a dry run, as
 * far as it is known what will be in it. Those that start at once are made anyway. What may change until then, as quotas, rights, and
 * whatever is looked up, is no problem.
 */
export async function tryOut(
  hands: Pick<Hands, "client" | "granted" | "limiter" | "signal">,
  run: RunIdentity,
  plan: Plan,
): Promise<Problem[]> {
  const { limiter, signal } = hands;
  const problems: Problem[] = [];
  await each(width, laterTrials(run, plan), async ({ step, object, kind }) => {
    await limiter.acquire(run.uid, signal);
    try {
      await handsOf(hands, kind).create(object as StepObject, { dryRun: "All", signal });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!isRefusal(error) || isOfDryRun(error)) return;
      const told = kind === undefined ? toldRefusal(error.message, step, plan, object as Pod) : error.message;
      const field = step.spec.spark !== undefined ? ["spark"] : kind !== undefined ? ["manifest"] : [];
      problems.push({ path: [...step.at, ...field], message: `the API server refuses its ${nounOf(kind)}: ${told}` });
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

/** An object of each sort, of those that none of the first steps has. */
function laterTrials(run: RunIdentity, plan: Plan): Trial[] {
  const [first, later] = [new Set<string>(), new Map<string, Trial>()];
  for (const step of plan.steps) {
    const startsAtOnce = step.needs.length === 0 && !step.isFinal && step.spec.if === undefined && !step.fanned;
    for (const trial of trialsOf(step, plan, run)) {
      const sort = sortOf(trial);
      if (startsAtOnce) first.add(sort);
      else if (!later.has(sort)) later.set(sort, trial);
    }
  }
  return [...later].flatMap(([sort, one]) => (first.has(sort) ? [] : one)).slice(0, most);
}

function trialsOf(step: PlanStep, plan: Plan, run: RunIdentity): Trial[] {
  const kind = objectKindOf(step.spec);
  if (kind !== undefined) return Array.from(knownObjects(step, plan, run, most), (object) => ({ step, object, kind }));
  const pod = podOf(step, plan, run);
  return pod === undefined ? [] : [{ step, object: pod, kind }];
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

/** What the API server judges an object by, without what it takes in any form: its name, what says whose it is, a pod's texts. */
function sortOf({ object, kind }: Trial): string {
  const { name: _, labels = {}, annotations = {}, ...rest } = object.metadata ?? {};
  if (kind === undefined) return JSON.stringify({ ...rest, spec: podSort(object as Pod) });
  return JSON.stringify({ ...object, metadata: { ...rest, labels: inherited(labels), annotations: inherited(annotations) } });
}

function podSort({ spec }: Pod): object {
  const containers = spec?.containers.map((container) => {
    if (container.name !== reserved.container) return container;
    const { image: _image, command: _command, args: _args, env = [], ...more } = container;
    return { ...more, env: env.map(({ name, valueFrom }) => ({ name, valueFrom })) };
  });
  return { ...spec, containers, volumes: spec?.volumes?.filter(({ name }) => name !== reserved.files) };
}
