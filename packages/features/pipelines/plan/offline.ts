import { manifestOf, ofRule, problemText, type Problem } from "@plimsoll/api";
import { podProblemsOf } from "../step/manifest/pods.ts";
import { refusals, workspaceRefusals } from "../step/pod/refusals.ts";
import { textProblems } from "../step/pod/files/texts.ts";
import { imageProblems } from "../step/pod/valid/check.ts";
import { compileSteps, type Compile, type PlanStep } from "./plan.ts";

/**
 * Compiles a pipeline where no cluster is at hand: what of its pods the API server of Kubernetes 1.36, the kubelet and container runtimes would
 * refuse are problems, too.
 */
export const compileOffline: Compile = (pipeline, at) => {
  const { pod = {}, workspace } = pipeline;
  // Of many steps the pods differ in their texts alone.
  const fine = new Set<string>();
  // What is wrong in the pipeline's pod is so in every step's.
  const told = new Set<string>();
  const isNew = (problem: Problem): boolean => told.size < told.add(problemText(problem)).size;
  const compiled = compileSteps(pipeline, at, (step) => {
    const sort = sortOf(step);
    const made = manifestOf(step.spec);
    const ofMade = made === undefined || step.spec.spark !== undefined ? [] : podProblemsOf(made, [...step.at, "manifest"]);
    const found = sort !== undefined && fine.has(sort) ? [] : refusals(step, { pod, workspace }, at);
    if (found.length === 0 && sort !== undefined) fine.add(sort);
    const ofImage = ofRule("image", [...imageProblems(step.spec.image, [...step.at, "image"])]);
    return [...ofImage, ...ofRule("pod", [...found, ...ofMade, ...textProblems(step)])].filter(isNew);
  });
  const more = workspace === undefined ? [] : ofRule("pod", workspaceRefusals(workspace, at));
  return more.length === 0 ? compiled : { problems: [...("problems" in compiled ? compiled.problems : []), ...more] };
};

/** In characters: a step with more may be too large for its pod. */
const largeTexts = 32_768;

/** What a step's pod is judged by, but for its texts; undefined where these are so long that they matter. */
function sortOf({ spec, fanned }: PlanStep): string | undefined {
  const { name: _name, needs: _needs, image: _image, if: _if, script = "", command = [], args = [], env = [], forEach, ...rest } = spec;
  const texts = [script, ...command, ...args, ...env.map(({ value = "" }) => value)];
  if (Array.isArray(forEach) || texts.reduce((sum, text) => sum + text.length, 0) > largeTexts) return undefined;
  return JSON.stringify([fanned, script !== "", env.map(({ name, valueFrom }) => [name, valueFrom]), rest]);
}
