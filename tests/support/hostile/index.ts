import { hostileNames } from "./names.ts";
import { otherHostile } from "./others.ts";
import type { Hostile, Victims } from "./terms.ts";

/** Every request that must not be approved, though the API server takes most of them. */
export function hostileRequests(victims: Victims): Hostile[] {
  return [...hostileNames(victims), ...otherHostile(victims)];
}
