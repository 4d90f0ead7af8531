import { ofRule } from "@plimsoll/api";
import { refusals, workspaceRefusals } from "../step/pod/refusals.ts";
import { compileSteps, type Compile } from "./plan.ts";

/**
 * Compiles a pipeline where no cluster is at hand: what of its pods the API server of Kubernetes 1.36, the kubelet and container runtimes would
 * refuse are problems, too.
 */
export const compileOffline: Compile = (pipeline, at) => {
  const { pod = {}, workspace } = pipeline;
  const compiled = compileSteps(pipeline, at, (step) => ofRule("pod", refusals(step, { pod, workspace }, at)));
  const more = workspace === undefined ? [] : ofRule("pod", workspaceRefusals(workspace, at));
  return more.length === 0 ? compiled : { problems: [...("problems" in compiled ? compiled.problems : []), ...more] };
};
