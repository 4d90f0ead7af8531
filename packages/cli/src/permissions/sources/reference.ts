import {
  aiPipeline,
  oceanAutoUpdaterClusterRole,
  oceanAutoUpdaterRole,
  oceanChart,
  oceanController,
  oceanExtension,
  rulesOf,
  type ReferenceRole,
} from "@plimsoll/permissions/roles";
import { UsageError } from "../../failure.ts";
import type { SourcedRole } from "../objects/role.ts";

const references: ReadonlyMap<string, readonly ReferenceRole[]> = new Map([
  ["ocean", [oceanController]],
  ["ocean-chart", [oceanChart]],
  ["ocean-auto-updater", [oceanAutoUpdaterClusterRole, oceanAutoUpdaterRole]],
  ["ocean-extension", [oceanExtension]],
  ["ai-pipeline", [aiPipeline]],
]);

/** The roles of `ref:NAME`, with their rules as published; what a document prints as a comment is left out, unless there is nothing else. */
export function referenceRoles(source: string): SourcedRole[] {
  const found = references.get(source.slice("ref:".length));
  if (found === undefined)
    throw new UsageError(`${source}: there is no such reference: give ${[...references.keys()].map((name) => `ref:${name}`).join(", ")}`);
  return found.map((role) => {
    const { kind, name } = role;
    const rules = rulesOf(role, { optional: role.sections.every(({ optional }) => optional) });
    return { kind, name, rules, source, lines: [], whole: { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata: { name }, rules } };
  });
}
