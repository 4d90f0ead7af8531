import { manifestOf, type Step } from "@plimsoll/api";
import type { StepKind, TryState, TryView, Verdict } from "../kind.ts";
import { judgeOf } from "./judging.ts";
import { renderObject, type ManifestSource } from "./object.ts";
import type { StepObject } from "./stored.ts";
import { viewObject } from "./view.ts";

/** A step whose tries are objects of any kind, which others carry out. */
export const manifestKind: StepKind<ManifestSource, StepObject, StepObject> = {
  noun: "object",
  object: renderObject,
  view: viewObject,
  judged,
  verdict,
  lost,
};

function judged({ object, ...view }: TryView, step: Step): TryView {
  return object === undefined ? view : { ...view, state: judgeOf(step)(object) };
}

function verdict(state: TryState): Verdict {
  if (state.phase === "active") return { is: "active" };
  if (state.phase === "failed") return { is: "failed", ...state.failure };
  return { is: "succeeded", outputs: "outputs" in state ? state.outputs : {} };
}

function lost(last: TryView | undefined, step: Step): Verdict {
  const { kind = "object" } = manifestOf(step) ?? {};
  if (last === undefined) return { is: "failed", reason: "Vanished", message: `its ${kind} vanished before its outcome was read` };
  if (last.state.phase !== "active") return verdict(last.state);
  return { is: "failed", reason: "Deleted", message: `its ${kind} was deleted` };
}
