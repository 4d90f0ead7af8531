import { valueAt, type Path } from "../problems/path.ts";
import { step } from "../step/step.ts";

/** A step of which nothing is known, at a place of one of the lists. */
function someStep(list: string, place: number): object {
  return { name: nameOf(list, place), image: "placeholder" };
}

function nameOf(list: string, place: number): string {
  return `unnamed-${list}-${place}`;
}

const someObject = { apiVersion: "batch/v1", kind: "Job" };

/**
 * What stands in the place of something wrong, so that the rest can be read; undefined where it can be left out. `path`: from the pipeline on;
 * `wrong`: what stands there.
 */
export function standIn([field, index, key, ...rest]: Path, wrong: unknown): unknown {
  if (field === "steps" && index === undefined) return [someStep(field, 0)];
  if (field === "workspace") return index === undefined ? { size: "1Gi" } : index === "size" ? "1Gi" : undefined;
  if (field === "params" && typeof index === "number" && (key === undefined || (key === "name" && rest.length === 0)))
    return key === undefined ? { name: `unnamed_${index}` } : `unnamed_${index}`;
  if ((field !== "steps" && field !== "finally") || typeof index !== "number") return undefined;
  if (key === undefined) return someStep(field, index);
  if (key === "manifest") return rest.length === 0 ? someObject : valueAt(someObject, rest);
  return rest.length > 0 ? undefined : ofStep[key]?.(wrong, nameOf(field, index));
}

const ofStep: Readonly<Record<string, (wrong: unknown, name: string) => unknown>> = {
  name: (_, name) => name,
  image: () => "placeholder",
  spark: () => ({}),
  // Of items that aren't known any field may be.
  forEach: () => [],
  // One name alone can't be meant otherwise.
  needs: (wrong) => (step.shape.needs.safeParse([wrong]).success ? [wrong] : undefined),
};
