import { completeObjects, completeValues } from "@plimsoll/controller/installation";
import { commentedYaml, defaultNamespace } from "@plimsoll/controller/roles";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../packages/controller/package.json" with { type: "json" };

/**
 * Writes the whole of an installation with default values as one file, `plimsoll-VERSION.yaml`, for `kubectl apply --server-side -f`; it
 * is what `plimsoll install --dry-run=client -o yaml` prints. Gives its path.
 */
export function writeManifest(folder: string): string {
  const { version } = packageJson;
  const objects = completeObjects({ given: {}, values: completeValues({}), namespace: defaultNamespace, version });
  const path = join(folder, `plimsoll-${version}.yaml`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, objects.map(({ object, comments }) => commentedYaml(object, comments)).join("---\n"));
  return path;
}
