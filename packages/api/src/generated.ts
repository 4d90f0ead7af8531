import { stringify } from "yaml";
import { crds } from "./crd.ts";
import { reference } from "./reference.ts";

/** The files that are made from the schemas: their paths in the repository, and their texts. */
export function generatedFiles(): Map<string, string> {
  const header = "# Made from packages/api/src by `npm run generate`.\n";
  return new Map([
    ...crds().map((crd): [string, string] => [
      `packages/api/generated/${crd.metadata.name}.yaml`,
      header + stringify(crd, { lineWidth: 0, aliasDuplicateObjects: false }),
    ]),
    ["docs/reference/pipeline.md", reference()],
  ]);
}
