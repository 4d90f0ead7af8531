import { stringify } from "yaml";
import { crds } from "./crd.ts";
import type { Kind } from "./kind.ts";
import { kinds } from "./kinds/index.ts";
import { reference } from "./reference.ts";

/** A CRD in YAML, for what reads YAML 1.1, too, as kubectl and Helm do: to them a key `on` without quotes is `true`. */
export function crdText(crd: object): string {
  return stringify(crd, { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" });
}

/** The files that are made from kinds, without an argument from every kind: their paths in the repository, and their texts. */
export function generatedFiles(of: readonly Kind[] = kinds): Map<string, string> {
  const header = "# Made from packages/api/src by `npm run generate`.\n";
  return new Map([
    ...crds(of).map((crd): [string, string] => [`packages/api/generated/${crd.metadata.name}.yaml`, header + crdText(crd)]),
    ...Map.groupBy(of, ({ docs }) => docs.page)
      .entries()
      .map(([page, kinds]): [string, string] => [`docs/reference/${page}.md`, reference(kinds)]),
  ]);
}
