import type { PolicyRule, Request } from "@plimsoll/permissions";
import type { Random } from "./random.ts";

// Each with the texts that look like patterns and are none, and with empty ones, all of which the API server stores.
const verbs = ["get", "list", "watch", "create", "delete", "deletecollection", "use", "impersonate", "bind", "get*", ""];
const groups = ["", "batch", "apps", "example.com", "*.com"];
const resources = [
  "pods",
  "jobs",
  "nodes",
  "widgets",
  "pods/log",
  "pods/status",
  "jobs/status",
  "widgets/scale",
  "*/scale",
  "*/status",
  "*/log",
  "*/",
  "pods/*",
  "pods/",
  "/log",
  "*/*",
  "pods/proxy/deep",
  "*/proxy/deep",
  "pod*",
  "",
];
const names = ["a", "b", "a.b", "*", "a*", ""];
const paths = ["/healthz", "/healthz/", "/healthz/etcd", "/x", "/xy", "/x/y", "/x/y/z", "/", "x", "", "/x*y", "/X"];
const pathPatterns = [...paths, "/x*", "/x/*", "/x/**", "/healthz*", "/*/y", "/**"];

/** The two namespaces that hold roles, another one, and none. */
export const namespaces = ["rules-a", "rules-b"] as const;

/** A rule as the API server would store it in a ClusterRole or, without `withPaths`, in a Role. */
export function randomRule(random: Random, withPaths: boolean): PolicyRule {
  const orAll = (of: readonly string[], share: number, most: number): string[] =>
    random.chance(share) ? [...random.some(of, most), "*"] : random.some(of, most);
  const rule: PolicyRule = { verbs: orAll(verbs, 0.15, 4) };
  if (withPaths && random.chance(0.25)) return { ...rule, nonResourceURLs: orAll(pathPatterns, 0.05, 3) };
  return {
    ...rule,
    apiGroups: orAll(groups, 0.15, 3),
    resources: orAll(resources, 0.1, 5),
    ...(random.chance(0.5) && { resourceNames: random.chance(0.1) ? [] : random.some(names, 3) }),
  };
}

/** A request that one of the rules may be about, near enough for each part to decide now and then; or any. */
export function randomRequest(random: Random, rules: readonly PolicyRule[]): Request {
  const rule = rules.length === 0 || random.chance(0.1) ? undefined : random.of(rules);
  const near = (written: readonly string[] | undefined, all: readonly string[]): string => {
    if (written === undefined || written.length === 0 || random.chance(0.12)) return random.of([...all, "unheard-of"]);
    const text = random.of(written);
    return text === "*" && random.chance(0.9) ? random.of(all) : text;
  };
  const verb = near(rule?.verbs, [...verbs, "*"]);
  if (rule === undefined ? random.chance(0.25) : rule.nonResourceURLs !== undefined) {
    const written = near(rule?.nonResourceURLs, paths);
    return { verb, path: random.chance(0.7) ? written.replace(/\*+$/, () => random.of(["", "y", "/y", "*"])) : written };
  }
  const written = near(rule?.resources, resources);
  // Unsplit, a resource's text has a slash in it, as no path gives but a review may.
  const slash = random.chance(0.9) ? written.indexOf("/") : -1;
  const resource = slash < 0 ? written : written.slice(0, slash);
  const subresource = slash < 0 ? (random.chance(0.1) ? "log" : "") : written.slice(slash + 1);
  const name = random.chance(0.2) ? "" : near(rule?.resourceNames, names);
  const namespace = random.chance(0.7) ? random.of([...namespaces, "unheard-of"]) : "";
  return {
    verb,
    group: near(rule?.apiGroups, groups),
    resource: resource === "*" && random.chance(0.8) ? random.of(["pods", "jobs"]) : resource,
    ...(subresource && { subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
  };
}

/** A rule that mostly grants a part of what the other does, and now and then a little more. */
export function narrowed(random: Random, rule: PolicyRule): PolicyRule {
  const part = (written: readonly string[] = [], all: readonly string[]): string[] => {
    if (random.chance(0.06)) return [random.of([...all, "*"])];
    return random.some(written.includes("*") && random.chance(0.8) ? [...written, ...all] : written, 2);
  };
  if (rule.nonResourceURLs !== undefined)
    return { verbs: part(rule.verbs, verbs), nonResourceURLs: part(rule.nonResourceURLs, pathPatterns) };
  const isNamed = rule.resourceNames !== undefined && rule.resourceNames.length > 0;
  return {
    verbs: part(rule.verbs, verbs),
    apiGroups: part(rule.apiGroups, groups),
    resources: part(rule.resources, resources),
    ...(random.chance(isNamed ? 0.95 : 0.5) && { resourceNames: part(isNamed ? rule.resourceNames : names, names) }),
  };
}
