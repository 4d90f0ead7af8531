import type { PolicyRule } from "../rule.ts";
import type { Risk } from "./danger.ts";
import { sources } from "./sources.ts";

const has = (texts: readonly string[] | undefined): boolean => texts?.includes("*") ?? false;
const narrow = "Write out what is used: `infer` finds it in an audit log.";

const holdsCore = ({ apiGroups }: PolicyRule): boolean => has(apiGroups) || apiGroups?.includes("") === true;

/** Whether a rule is held to names. The empty one is that of a request which names nothing, as to list or to create, and so of any object. */
export function isNamed({ resourceNames = [] }: PolicyRule): boolean {
  return resourceNames.length > 0 && !resourceNames.includes("");
}

/** Whether a rule grants every request for objects; then it makes no sense to list what else it grants. */
export function isEverything(rule: PolicyRule): boolean {
  return has(rule.verbs) && has(rule.apiGroups) && has(rule.resources) && !isNamed(rule);
}

export const everything: Risk = {
  id: "everything",
  severity: "critical",
  title: "grants everything",
  attack: "Is an administrator.",
  source: sources.leastPrivilege,
  narrow,
};

/** Subresources and Namespaces aren't deleted by collections: the API server has no such request. */
function haveCollections({ apiGroups = [], resources = [] }: PolicyRule): boolean {
  return resources.some((resource) => !resource.includes("/") && !(resource === "namespaces" && apiGroups.every((group) => group === "")));
}

/** Dangers of a rule's form, whatever it names. */
export const forms: readonly (Risk & { of: (rule: PolicyRule) => boolean })[] = [
  {
    id: "wildcard-verbs",
    severity: "medium",
    title: "grants every verb",
    attack: "Holds verbs nobody thought of: deletecollection, bind, escalate, impersonate, and those to come.",
    source: sources.leastPrivilege,
    narrow,
    of: (rule) => has(rule.verbs) && rule.resources !== undefined,
  },
  {
    id: "wildcard-resources",
    severity: "high",
    title: "grants every resource",
    attack: "Holds Secrets, exec and all other subresources, and kinds to come.",
    source: sources.leastPrivilege,
    narrow,
    of: (rule) => has(rule.resources) && holdsCore(rule),
  },
  {
    id: "wildcard-kinds",
    severity: "medium",
    title: "grants every resource of an API group",
    attack: "Holds all kinds of the group with their subresources, and those to come.",
    source: sources.leastPrivilege,
    narrow,
    of: (rule) => has(rule.resources) && !holdsCore(rule),
  },
  {
    id: "wildcard-groups",
    severity: "medium",
    title: "grants every API group",
    attack: "Holds kinds of the same name in groups that are installed later.",
    source: sources.leastPrivilege,
    narrow,
    of: (rule) => has(rule.apiGroups),
  },
  {
    id: "wildcard-paths",
    severity: "medium",
    title: "grants every path",
    attack: "Reads metrics, logs and profiles of the API server; a profile can stall it.",
    source: sources.leastPrivilege,
    narrow: "Name the paths: /healthz, /metrics.",
    of: (rule) => (rule.nonResourceURLs ?? []).some((path) => /^\/?\*+$/.test(path)),
  },
  {
    id: "deletecollection",
    severity: "medium",
    title: "deletes collections",
    attack: "Deletes all objects of a kind with one request.",
    source: sources.deletion,
    narrow: "Grant delete.",
    of: (rule) => !isNamed(rule) && haveCollections(rule) && (rule.verbs.includes("deletecollection") || has(rule.verbs)),
  },
];
