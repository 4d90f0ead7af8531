import { createHash } from "node:crypto";

/*
 * Two dashes stand between the parts of a name. Neither a run's nor a step's name may hold two dashes together,
 * so that no two Jobs get the same name: not those of the steps `a-b` of the run `c` and `b` of the run `c-a`.
 */

/** The name of the Job of a run's step, or of one of its items. Pods get endings of their own behind it. */
export function jobName(run: string, step: string, item?: number): string {
  return fitted(item === undefined ? `${run}--${step}` : `${run}--${step}--${item}`);
}

/** The name of the ConfigMap with a part of a fan-out's scripts. */
export function scriptsName(run: string, step: string, part: number): string {
  return fitted(`${run}--${step}--scripts-${part}`);
}

/** The name of a run's PersistentVolumeClaim. */
export function workspaceName(run: string): string {
  return fitted(`${run}--workspace`);
}

/** Names of up to 57 characters stand as they are; a longer one is cut and told apart by sixteen digits of its SHA-256: with eight, some runs of 10,000 items would have two of one name. */
function fitted(name: string): string {
  if (name.length <= 57) return name;
  return `${name.slice(0, 40).replace(/[-.]+$/, "")}-${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}
