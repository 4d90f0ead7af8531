// Writes what Kubernetes binds by itself, by version, from the fixtures of its own tests. Takes `go mod download k8s.io/kubernetes@VERSION`
// of each version below; run it when one is added: node_modules/.bin/node scripts/default-bindings.ts
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DefaultBinding, DefaultRole } from "../packages/cli/src/permissions/subjects/default-bindings.ts";
import { matches } from "@plimsoll/model";
import type { ClusterRole, PolicyRule, Role, RoleBinding } from "kubernetes-types/rbac/v1.d.ts";
import { parse } from "yaml";

const versions = ["1.33.12", "1.34.8", "1.35.5", "1.36.3", "1.37.1"];
const folder = join(dirname(import.meta.dirname), "packages/cli/src/permissions");

const found = new Map<string, DefaultBinding>();
const clusterRoles = new Map<number, ClusterRole[]>();
for (const version of versions) {
  const minor = Number(version.split(".")[1]);
  const download = execFileSync("go", ["mod", "download", "-json", `k8s.io/kubernetes@v${version}`], { encoding: "utf8" });
  const { Dir: module }: { Dir: string } = JSON.parse(download);
  const read = <T>(name: string): T[] => {
    const path = join(module, "plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata", `${name}.yaml`);
    return (parse(readFileSync(path, "utf8")) as { items: T[] }).items;
  };
  // With the rules of features that aren't on by default: a cluster may have them on.
  const roles = ["cluster-roles", "cluster-roles-featuregates", "controller-roles", "namespace-roles"].flatMap(read<Role>);
  clusterRoles.set(minor, ["cluster-roles", "cluster-roles-featuregates"].flatMap(read<ClusterRole>));
  for (const { kind = "", metadata, roleRef, subjects = [] } of [
    "cluster-role-bindings",
    "controller-role-bindings",
    "namespace-role-bindings",
  ].flatMap(read<RoleBinding>)) {
    const { name = "", namespace } = metadata ?? {};
    const within = namespace === undefined ? {} : { namespace };
    const key = `${kind} ${namespace}/${name}`;
    const known = found.get(key);
    const binding: DefaultBinding = known ?? { from: minor, kind, ...within, name, role: roleRef.name, subjects: [], rules: [] };
    found.set(key, binding);
    for (const { kind, namespace, name } of subjects) {
      const text = kind === "ServiceAccount" ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
      if (!binding.subjects.includes(text)) binding.subjects.push(text);
    }
    const at = roleRef.kind === "Role" ? namespace : undefined;
    const own = roles.filter(
      ({ kind, metadata }) => String(kind) === roleRef.kind && metadata?.name === roleRef.name && metadata?.namespace === at,
    );
    for (const rule of own.flatMap(({ rules }) => rules ?? []))
      if (!binding.rules.some(({ from: _, ...one }) => JSON.stringify(one) === JSON.stringify(rule)))
        binding.rules.push({ from: minor, ...rule });
  }
}
/** ClusterRoles that nothing is bound to by default, with what they gather. */
const unbound = new Map<string, DefaultRole>();
for (const [minor, roles] of clusterRoles) {
  const bound = new Set([...found.values()].map(({ role }) => role));
  for (const one of roles) {
    const { name = "" } = one.metadata ?? {};
    if (bound.has(name) || name.startsWith("system:aggregate-to-")) continue;
    const role = unbound.get(name) ?? { from: minor, name, rules: [] };
    unbound.set(name, role);
    for (const rule of gatheredBy(one, roles))
      if (!role.rules.some(({ from: _, ...one }) => JSON.stringify(one) === JSON.stringify(rule)))
        role.rules.push({ from: minor, ...rule });
  }
}
write("default-roles.json", [...unbound.values()]);
write("default-bindings.json", [...found.values()]);

/** A role's rules; of one that gathers others, which may gather others again, theirs. */
function gatheredBy({ rules, aggregationRule }: ClusterRole, roles: readonly ClusterRole[]): PolicyRule[] {
  if (aggregationRule === undefined) return rules ?? [];
  return (aggregationRule.clusterRoleSelectors ?? []).flatMap((selector) =>
    roles.filter(({ metadata }) => matches(selector, metadata?.labels ?? {})).flatMap((role) => gatheredBy(role, roles)),
  );
}

function write(name: string, entries: readonly object[]): void {
  writeFileSync(join(folder, name), `[\n${entries.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`);
}
