import { isNotFound, isNotServed } from "@plimsoll/kube";
import { Failure } from "../failure.ts";

/** Whether there is no object of that name. A kind that the cluster lacks is another matter. */
export function isMissing(error: unknown): boolean {
  return isNotFound(error) && !isNotServed(error);
}

/** What `work` gives; where there is no such object, it fails with what to do. */
export async function orMissing<T>(work: Promise<T>, whatToDo: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isMissing(error) ? new Failure(whatToDo) : error;
  }
}

/** Reads an object's name, also where it is given as `-o name` and kubectl print it: with its kind before it. */
export function nameOf(kind: string): (text: string) => string {
  const before = new RegExp(`^${kind}s?(\\.plimsoll\\.dev)?/`);
  return (text) => text.replace(before, "");
}
