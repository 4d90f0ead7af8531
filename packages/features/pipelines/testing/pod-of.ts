import type { PipelineSpec, PodOptions, Step } from "@plimsoll/api";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { toCel } from "../language/cel.ts";
import { Meter } from "../language/meter.ts";
import { compile } from "../plan/plan.ts";
import { renderPod, type PodSource } from "../step/pod/render.ts";

export const run = { namespace: "ns", name: "run", uid: "uid" };

/** The pod of a pipeline's first step, with its first item. */
export function podOf(pipeline: PipelineSpec, more: Partial<PodSource> = {}): Pod {
  const result = compile({ pipeline });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  const { plan } = result;
  const [step] = plan.steps;
  if (step === undefined) throw new Error("no step");
  const [value] = Array.isArray(step.spec.forEach) ? step.spec.forEach : [];
  const isFanned = step.spec.forEach !== undefined;
  return renderPod({
    run,
    plan,
    step,
    variables: { params: plan.params, ...(isFanned ? { item: toCel(value), itemIndex: 0n } : {}) },
    ...(isFanned ? { item: { index: 0, value } } : {}),
    meter: new Meter(),
    try: 1,
    name: "run--a--1",
    deadline: undefined,
    memory: 1,
    ...more,
  });
}

export const stepOf = (more: Partial<Step> = {}): Step => ({ name: "a", image: "busybox", command: ["x"], ...more });
export const ofStep = (more: Partial<Step> = {}): Pod => podOf({ steps: [stepOf(more)] });
export const ofPod = (pod: PodOptions): Pod => podOf({ pod, steps: [stepOf()] });
