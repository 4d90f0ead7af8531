import * as z from "zod";
import type { PolicyRule } from "@plimsoll/permissions";
import type { ManifestObject } from "../cluster/manifest.ts";

const list = z.array(z.string());
const rule = z.object({
  verbs: list,
  apiGroups: list.exactOptional(),
  resources: list.exactOptional(),
  resourceNames: list.exactOptional(),
  nonResourceURLs: list.exactOptional(),
});

/** The rules of a role, or of a review of what somebody may do. */
export const policyRules = z
  .array(rule)
  .nullish()
  .transform((rules): PolicyRule[] => rules ?? []);

const roleSchema = z.object({ rules: policyRules });
const bindingSchema = z.object({ roleRef: z.object({ kind: z.string(), name: z.string() }) });

/** A role of a release. */
export interface Role {
  kind: "Role" | "ClusterRole";
  name: string;
  /** Undefined: everywhere. */
  namespace: string | undefined;
  rules: PolicyRule[];
}

export function roleOf(object: ManifestObject): Role | undefined {
  const { kind, metadata } = object;
  if (!isRbac(object) || (kind !== "Role" && kind !== "ClusterRole")) return undefined;
  const { rules } = roleSchema.parse(object);
  return { kind, name: metadata.name, namespace: metadata.namespace, rules };
}

export function rolesOf(objects: readonly ManifestObject[]): Role[] {
  return objects.flatMap((object) => roleOf(object) ?? []);
}

/** The role that a binding binds; undefined where the object is none. */
export function boundBy(object: ManifestObject): { kind: string; name: string } | undefined {
  if (!isRbac(object) || !object.kind.endsWith("Binding")) return undefined;
  return bindingSchema.parse(object).roleRef;
}

function isRbac({ apiVersion }: ManifestObject): boolean {
  return apiVersion.startsWith("rbac.authorization.k8s.io/");
}
