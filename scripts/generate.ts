// Writes the files that are made from source; with --check, says which are stale and ends with 1.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedFiles } from "@plimsoll/api";
import { permissionsDoc } from "@plimsoll/controller";
import { chartFiles } from "@plimsoll/controller/installation";
import { configFiles } from "@plimsoll/controller/config";
import { monitoringFiles } from "@plimsoll/controller/monitoring";
import { problemReference } from "@plimsoll/features/pipelines";
import { riskReference } from "@plimsoll/permissions/risks";
import { helmRightsReference } from "./helm-rights.ts";
import { podShapes } from "./pod-shapes.ts";

const root = dirname(import.meta.dirname);
const check = process.argv.includes("--check");
const stale: string[] = [];

const files = [
  ...generatedFiles(),
  ...configFiles(),
  ...chartFiles(),
  ...monitoringFiles(),
  ["packages/features/pipelines/step/pod/valid/shapes.json", podShapes()] as const,
  ["docs/reference/problems.md", problemReference()] as const,
  ["docs/permissions.md", permissionsDoc()] as const,
  ["docs/reference/risks.md", riskReference()] as const,
  ["docs/reference/helm-rights.md", helmRightsReference()] as const,
];
for (const [path, text] of files) {
  const file = join(root, path);
  if (text === contentOf(file)) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

if (check && stale.length > 0) {
  console.error(`These files are not what the source makes; run \`npm run generate\`: ${stale.join(", ")}`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? "The generated files are fresh." : `Written: ${stale.join(", ")}`);
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
