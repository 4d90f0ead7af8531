import type { PolicyRule } from "./rule.ts";

/** What a rule says that no request can match, each with the way out: it grants nothing, though it was meant to. */
export function ineffective(rule: PolicyRule): string[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  return [
    ...verbs.filter(hasCapital).map((verb) => `the verb "${verb}": verbs are lower case`),
    ...apiGroups.flatMap((group) => mistake(group, "API group", groupMistakes)),
    ...resources.flatMap((resource) => mistake(resource, "resource", resourceMistakes)),
    ...nonResourceURLs.filter((path) => path !== "*" && !path.startsWith("/")).map((path) => `the path "${path}": paths begin with /`),
    ...(resourceNames.length > 0 ? namelessIn(verbs, resources) : []),
  ];
}

type Mistakes = readonly [of: (text: string) => boolean, remedy: string][];

const groupMistakes: Mistakes = [
  [(group) => group === "core" || group === "v1", 'the core group is written ""'],
  [(group) => group.includes("/"), "a group is written without its version"],
  [hasCapital, "groups are lower case"],
];

const resourceMistakes: Mistakes = [
  [(resource) => resource.includes("."), "its group stands in apiGroups"],
  [(resource) => resource.endsWith("/*"), "no wildcard stands for subresources: name each, or write * for all of every resource"],
  [hasCapital, "resources are lower-case plurals"],
];

function mistake(text: string, what: string, mistakes: Mistakes): string[] {
  const found = mistakes.find(([of]) => of(text));
  return found === undefined ? [] : [`the ${what} "${text}": ${found[1]}`];
}

/** A request to create, or to delete a collection, has no name; one to create a subresource has that of its object. */
function namelessIn(verbs: readonly string[], resources: readonly string[]): string[] {
  const whole = resources.filter((resource) => !resource.includes("/") && resource !== "*");
  if (whole.length === 0) return [];
  return verbs
    .filter((verb) => verb === "create" || verb === "deletecollection")
    .map((verb) => `${verb} of ${whole.join(", ")} by resourceNames: such a request has no name`);
}

function hasCapital(text: string): boolean {
  return text !== text.toLowerCase();
}
