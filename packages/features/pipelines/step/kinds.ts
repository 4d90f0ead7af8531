import { kindText, manifestOf, type Step } from "@plimsoll/api";
import { manifestKind } from "./manifest/kind.ts";
import { podKind } from "./pod/kind.ts";

/** The kind of a step: every kind that there is stands here. */
export function kindOf(step: Step): typeof podKind | typeof manifestKind {
  return manifestOf(step) === undefined ? podKind : manifestKind;
}

/** Of what kind a step's objects are, as in `batch/v1 Job`; undefined: they are pods. */
export function objectKindOf(step: Step): string | undefined {
  const manifest = manifestOf(step);
  return manifest && kindText(manifest);
}
