import { kindText, manifestOf, type Step } from "@plimsoll/api";
import { manifestKind } from "./manifest/kind.ts";
import { tryName } from "./names.ts";
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

/** How long names may be of kinds whose operators put something behind them, by apiVersion and kind. */
const longestNames: Readonly<Record<string, number>> = { "ray.io/v1 RayJob": 47, "batch/v1 CronJob": 52 };

/** The name of what a try of a run's step is. */
export function nameOf(run: string, { name, fanned, spec }: NamedStep, item: number, number: number): string {
  return tryName(run, name, fanned ? item : undefined, number, longestNames[objectKindOf(spec) ?? ""]);
}

/** As far as its tries' names depend on it. */
interface NamedStep {
  name: string;
  fanned: boolean;
  spec: Step;
}
