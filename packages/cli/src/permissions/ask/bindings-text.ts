import type { Bound } from "../subjects/access.ts";
import { titleOf } from "../objects/role.ts";

export function bindingTitle({ binding }: Bound): string {
  return titleOf(binding);
}

export function roleTitle({ role }: Bound): string {
  return titleOf(role);
}

/** The namespace that a binding counts in; a star for all. */
export function scopeOf({ namespace = "*" }: Bound): string {
  return namespace;
}

/** Tells on stderr of bindings whose role isn't there: they grant nothing until somebody makes it. */
export function noteMissing(bindings: readonly Bound[], sources?: readonly string[]): void {
  for (const bound of bindings)
    if (bound.rules === undefined)
      console.error(
        `note: ${bindingTitle(bound)} names ${roleTitle(bound)}, ${sources === undefined ? "which does not exist" : `which is not in ${sources.join(", ")}`}`,
      );
}
