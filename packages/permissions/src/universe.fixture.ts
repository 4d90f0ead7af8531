import { constantFrom, oneof, record, uniqueArray, type Arbitrary } from "fast-check";
import { grants } from "./grants.ts";
import type { Request } from "./request.ts";
import type { PolicyRule } from "./rule.ts";

const some = (texts: readonly string[], maxLength = 2): Arbitrary<string[]> =>
  uniqueArray(constantFrom(...texts), { minLength: 1, maxLength });

/** Rules over few texts, wildcards among them. */
export const anyRule: Arbitrary<PolicyRule> = oneof(
  {
    weight: 4,
    arbitrary: record({
      verbs: some(["get", "list", "*"]),
      apiGroups: some(["", "batch", "*"]),
      resources: some(["jobs", "pods", "pods/log", "jobs/log", "*/log", "*"], 3),
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      verbs: some(["get", "list", "*"]),
      apiGroups: some(["", "batch", "*"]),
      resources: some(["jobs", "pods", "pods/log", "*/log", "*"]),
      resourceNames: some(["a", "b", "c"]),
    }),
  },
  {
    weight: 1,
    arbitrary: record({ verbs: some(["get", "list", "*"]), nonResourceURLs: some(["/a", "/a*", "/a/b", "/a/b*", "/a/**", "*"]) }),
  },
);

/** Rules over two texts each: they meet, and cross, far more often than those over many. */
export const closeRule: Arbitrary<PolicyRule> = record({
  verbs: some(["get", "list"]),
  apiGroups: some(["", "batch"]),
  resources: some(["jobs", "*/log"]),
  resourceNames: constantFrom([], ["a"]),
});

const many = (prefix: string, count: number): string[] => [
  ...Array.from({ length: count }, (_, index) => `${prefix}${index}`),
  ...(prefix === "name" ? [] : ["*"]),
];

/** Rules over many texts: a hundred of them have too many atoms for a search. */
export const wideRule: Arbitrary<PolicyRule> = oneof(
  record({
    verbs: some(many("verb", 8), 3),
    apiGroups: some(many("group", 6)),
    resources: some([...many("kind", 30), "kind1/status", "*/status"], 3),
  }),
  record({
    verbs: some(many("verb", 8), 3),
    apiGroups: some(many("group", 6)),
    resources: some(many("kind", 30)),
    resourceNames: some(many("name", 9), 3),
  }),
  record({ verbs: some(many("verb", 8), 3), nonResourceURLs: some(["/a*", ...many("/a/b", 40)]) }),
);

const broken = ["a", "b", "a\nb", "\nb", "a\0b", "1:a"];

/** Rules whose texts hold what could be taken for the end of one. */
export const brokenRule: Arbitrary<PolicyRule> = oneof(
  record({ verbs: some(broken, 3), apiGroups: some(broken), resources: some(broken) }),
  record({ verbs: some(broken), apiGroups: some(broken), resources: some(broken), resourceNames: some(broken, 3) }),
  record({ verbs: some(broken, 3), nonResourceURLs: some(broken, 3) }),
);

/** Rules of each kind that no rule can join and no text can stand for: too many to look at every pair. */
export const loners: readonly PolicyRule[] = Array.from({ length: 260 }, (_, index) => `loner${index}`).flatMap((text): PolicyRule[] => [
  { verbs: [text], apiGroups: [text], resources: [text] },
  { verbs: [text], apiGroups: [text], resources: [text], resourceNames: [text] },
  { verbs: [text], nonResourceURLs: [text] },
]);

/** Every request that could tell such rules apart but for the loners, which grant none of them. */
export const brokenUniverse: readonly Request[] = broken.flatMap((verb) => [
  ...broken.map((path) => ({ verb, path })),
  ...broken.flatMap((group) =>
    broken.flatMap((resource) => [undefined, ...broken].map((name) => ({ verb, group, resource, ...(name !== undefined && { name }) }))),
  ),
]);

/** Every request that could tell rules of few texts apart: each text, and one that no rule mentions. */
export const universe: readonly Request[] = [
  ...["get", "list", "unheard-of"].flatMap((verb) =>
    ["", "batch", "unheard-of"].flatMap((group) =>
      ["jobs", "pods", "unheard-of"].flatMap((resource) =>
        [undefined, "log", "unheard-of"].flatMap((subresource) =>
          [undefined, "a", "b", "c", "unheard-of"].map((name) => ({
            verb,
            group,
            resource,
            ...(subresource && { subresource }),
            ...(name && { name }),
          })),
        ),
      ),
    ),
  ),
  ...["get", "list", "unheard-of"].flatMap((verb) =>
    ["/a", "/a/", "/a/b", "/a/b/c", "/ab", "/", "/unheard-of", "/a*"].map((path) => ({ verb, path })),
  ),
];

/** Which requests of a universe are granted, as one text of zeros and ones. */
export function meaning(rules: readonly PolicyRule[], requests = universe): string {
  return requests.map((request) => (grants(rules, request) === undefined ? "0" : "1")).join("");
}
