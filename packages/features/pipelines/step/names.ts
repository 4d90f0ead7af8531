import { createHash } from "node:crypto";

/*
 * Two dashes stand between the parts of a name. Neither a run's nor a step's name may hold two dashes together,
 * so that no two tries get the same name: not those of the steps `a-b` of the run `c` and `b` of the run `c-a`.
 */

/** As most objects may have it, and what their labels hold. */
const longest = 63;

/** The name of a try of a run's step, or of one of its items. */
export function tryName(run: string, step: string, item: number | undefined, number: number, most = longest): string {
  return fitted(item === undefined ? `${run}--${step}--${number}` : `${run}--${step}--${item}--${number}`, most);
}

/** The name of a run's PersistentVolumeClaim. */
export function workspaceName(run: string): string {
  return fitted(`${run}--workspace`, longest);
}

/**
 * Names of up to `most` characters stand as they are, as a pod's is its host name, too. A longer one is cut and told apart by sixteen digits of
 * its SHA-256: with eight, some runs of 10,000 items would have two of one name.
 */
function fitted(name: string, most: number): string {
  if (name.length <= most) return name;
  return `${name.slice(0, most - 17).replace(/[-.]+$/, "")}-${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}
