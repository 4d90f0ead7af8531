import { titleOf, type Plan } from "@plimsoll/controller/installation";
import type { PolicyRule } from "@plimsoll/permissions";
import type { Paint } from "../output/paint.ts";
import { difference } from "../permissions/compare/difference.ts";
import { linesOfDifferences } from "../permissions/compare/difference-text.ts";
import type { SourcedRole } from "../permissions/objects/role.ts";

/** What the controller may do after a plan and couldn't before (+), and what it may no longer do (-); "" for no difference. */
export function rightsText({ changes }: Plan, paint: Paint): string {
  const sides = changes.map(({ action, object, live }) => ({
    before: live && roleOf({ ...live, kind: object.kind }),
    after: action === "delete" ? undefined : roleOf(object),
  }));
  const before = sides.flatMap(({ before }) => before ?? []);
  const after = sides.flatMap(({ after }) => after ?? []);
  const { onlyA, onlyB } = difference(before, after);
  const lines = (found: typeof onlyA): string[] => linesOfDifferences(found, [...before, ...after]);
  const told = [
    ...(onlyB.length > 0 ? ["The controller gains:", ...lines(onlyB).map((line) => paint("green", `+ ${line}`))] : []),
    ...(onlyA.length > 0 ? ["The controller loses:", ...lines(onlyA).map((line) => paint("red", `- ${line}`))] : []),
  ];
  return told.join("\n");
}

interface MaybeRole {
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

/** Undefined for what is no role, or one that Kubernetes adds to the users' own. */
function roleOf(object: MaybeRole): SourcedRole | undefined {
  const { kind, metadata } = object;
  if (kind !== "Role" && kind !== "ClusterRole") return undefined;
  if (Object.keys(metadata.labels ?? {}).some((label) => label.startsWith("rbac.authorization.k8s.io/aggregate-to-"))) return undefined;
  const rules = "rules" in object && Array.isArray(object.rules) ? (object.rules as PolicyRule[]) : [];
  const { name, namespace } = metadata;
  return { kind, name, ...(namespace !== undefined && { namespace }), rules, source: titleOf(object), lines: [], whole: object };
}
