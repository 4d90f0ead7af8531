import { isDeepStrictEqual } from "node:util";
import { keyOf, onlyIn, type ManifestObject } from "../cluster/manifest.ts";

/** What one release changes about another. */
export interface Changes {
  added: ManifestObject[];
  dropped: ManifestObject[];
  /** As the new release has them. */
  changed: ManifestObject[];
  /** All that one of them has. */
  all: ManifestObject[];
}

export function changesOf(before: readonly ManifestObject[], after: readonly ManifestObject[]): Changes {
  const old = new Map(before.map((object) => [keyOf(object), object]));
  const dropped = onlyIn(before, after);
  return {
    added: after.filter((object) => !old.has(keyOf(object))),
    dropped,
    changed: after.filter((object) => old.has(keyOf(object)) && !isDeepStrictEqual(old.get(keyOf(object)), object)),
    all: [...after, ...dropped],
  };
}
