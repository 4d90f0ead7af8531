import type { CommentedObject, RbacObject } from "@plimsoll/controller/roles";

const classes: Record<RbacObject["kind"], string> = {
  ServiceAccount: "core.v1.ServiceAccount",
  ClusterRole: "rbac.v1.ClusterRole",
  ClusterRoleBinding: "rbac.v1.ClusterRoleBinding",
  Role: "rbac.v1.Role",
  RoleBinding: "rbac.v1.RoleBinding",
};

/** A Pulumi program in TypeScript that makes the objects, with the comments above the rules. */
export function pulumiProgram(objects: readonly CommentedObject[]): string {
  return `import * as kubernetes from "@pulumi/kubernetes";\n\n${objects.map(resourceOf).join("\n")}`;
}

function resourceOf({ object, comments }: CommentedObject): string {
  const { kind, apiVersion: _apiVersion, ...rest } = object;
  const { namespace, name } = object.metadata as { namespace?: string; name: string };
  const fields = Object.entries(rest).map(
    ([field, value]) => `  ${field}: ${field === "rules" ? rulesOf(value as object[], comments) : inline(value)},`,
  );
  return `new kubernetes.${classes[kind]}(${JSON.stringify(namespace === undefined ? name : `${namespace}/${name}`)}, {\n${fields.join("\n")}\n});\n`;
}

function rulesOf(rules: readonly object[], comments: readonly string[]): string {
  return `[\n${rules.map((rule, index) => `    // ${comments[index] ?? ""}\n    ${inline(rule)},`).join("\n")}\n  ]`;
}

/** A value on one line, its keys bare where they can be. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) => `${/^[a-z]+$/i.test(key) ? key : JSON.stringify(key)}: ${inline(field)}`);
  return `{ ${fields.join(", ")} }`;
}
