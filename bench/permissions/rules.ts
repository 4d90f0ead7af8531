import type { PolicyRule } from "@plimsoll/permissions";
import type { Random } from "../random.ts";

const verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
const groups = ["", "apps", "batch", "rbac.authorization.k8s.io", "coordination.k8s.io", "networking.k8s.io"];
const plurals = ["pods", "secrets", "configmaps", "services", "deployments", "jobs", "leases", "roles", "ingresses", "nodes"];

/** As a large cluster's roles have them: mostly different, three in ten held to names, a few for paths, a few with wildcards. */
export function makeRules(random: Random, count: number): PolicyRule[] {
  return Array.from({ length: count }, (_, index): PolicyRule => {
    const kind = random.below(100);
    const some = verbs.filter(() => random.below(3) === 0);
    const granted = some.length > 0 ? some : ["get"];
    if (kind < 3) return { verbs: ["get"], nonResourceURLs: [`/metrics/${random.below(1000)}`] };
    // Most of the resources are the clusters' own kinds.
    const resource = kind < 30 ? random.of(plurals) : `kind${random.below(count)}s`;
    const group = kind < 30 ? random.of(groups) : `team${random.below(2000)}.example.com`;
    if (kind < 5) return { verbs: ["*"], apiGroups: [group], resources: [resource] };
    const resources = [resource, ...(random.below(3) === 0 ? [`${resource}/status`] : [])];
    const names = Array.from({ length: 1 + random.below(3) }, (_, name) => `object-${index}-${name}`);
    return { verbs: granted, apiGroups: [group], resources, ...(random.below(10) < 3 && { resourceNames: names }) };
  });
}
