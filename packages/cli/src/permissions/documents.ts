import { stringify } from "yaml";

/** Several objects as the documents of one YAML text. */
export function formatDocuments(objects: readonly unknown[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()).join("\n---\n");
}
