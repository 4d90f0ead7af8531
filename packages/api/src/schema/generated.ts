import { stringify } from "yaml";
import type { Kind } from "./kind.ts";
import { kinds } from "../kinds/index.ts";
import { reference } from "./reference.ts";

/** A CRD in YAML, for what reads YAML 1.1, too, as kubectl and Helm do: to them a key such as `on` is `true` without quotes. */
export function crdText(crd: object): string {
  return stringify(crd, { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" });
}

/** The pages of the reference that are made from kinds, without an argument from every kind: their paths in the repository, and their texts. */
export function generatedFiles(of: readonly Kind[] = kinds): Map<string, string> {
  return new Map(
    Map.groupBy(of, ({ docs }) => docs.page)
      .entries()
      .map(([page, kinds]): [string, string] => [`docs/reference/${page}.md`, reference(kinds)]),
  );
}
