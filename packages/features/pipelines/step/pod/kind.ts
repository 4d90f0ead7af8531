import type { Step } from "@plimsoll/api";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { messageOf } from "@plimsoll/kube/message";
import type { StepKind, TryState, TryView, Verdict } from "../kind.ts";
import { parseOutputs } from "../outputs.ts";
import { renderPod, type PodSource } from "./render.ts";
import { viewPod } from "./view.ts";

/** A step whose tries are pods. */
export const podKind: StepKind<PodSource, Pod, Pod> = {
  noun: "pod",
  object: renderPod,
  view: viewPod,
  judged: (view) => view,
  verdict,
  lost,
};

function verdict(state: TryState, step: Step): Verdict {
  if (state.phase === "active") return { is: "active" };
  if (state.phase === "failed") return { is: "failed", ...state.failure };
  if (state.cutOff !== undefined && step.onGracefulExit !== "succeed") return { is: "failed", ...state.cutOff };
  try {
    return { is: "succeeded", outputs: "outputs" in state ? state.outputs : parseOutputs(state.written) };
  } catch (error) {
    return { is: "failed", reason: "InvalidOutputs", message: messageOf(error) };
  }
}

function lost(last: TryView | undefined, step: Step): Verdict {
  if (last === undefined) return { is: "failed", reason: "Vanished", message: "its pod vanished before its outcome was read" };
  if (last.state.phase !== "active") return verdict(last.state, step);
  if (last.state.disrupted !== undefined) return { is: "failed", ...last.state.disrupted };
  return { is: "failed", reason: "Deleted", message: last.state.began ? "its pod was deleted" : "its pod was deleted before it started" };
}
