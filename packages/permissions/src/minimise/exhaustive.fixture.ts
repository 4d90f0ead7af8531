import { constantFrom, record, uniqueArray, type Arbitrary } from "fast-check";
import { grants } from "../grants.ts";
import type { ResourceRequest } from "../request.ts";
import type { PolicyRule } from "../rule.ts";

/** A world so small that all its rules can be tried. */
export interface World {
  rule: Arbitrary<PolicyRule>;
  /** The least number of rules that mean the same, by trying one, two, three … of all rules there are. */
  leastByTrying(rules: readonly PolicyRule[]): number;
}

export const worlds: Record<string, World> = {
  "without wildcards": world(["get", "list", "watch"], ["", "batch"], ["jobs", "pods", "nodes"]),
  "with wildcards": world(["get", "list", "*"], ["", "*"], ["pods", "pods/log", "*/log", "*"]),
  "with names": world(["get", "list"], ["", "batch"], ["jobs", "*/log"], ["a", "b"]),
};

function world(verbs: readonly string[], groups: readonly string[], resources: readonly string[], names: readonly string[] = []): World {
  const some = (texts: readonly string[]): Arbitrary<string[]> => uniqueArray(constantFrom(...texts), { minLength: 1, maxLength: 3 });
  const concrete = (texts: readonly string[]): string[] => texts.map((text) => text.replace("*", "unheard-of"));
  const requests: ResourceRequest[] = concrete(verbs).flatMap((verb) =>
    concrete(groups).flatMap((group) =>
      concrete(resources).flatMap((text) => {
        const [resource = "", subresource] = text.split("/");
        return ["unheard-of", ...names].map((name) => ({ verb, group, resource, name, ...(subresource && { subresource }) }));
      }),
    ),
  );
  const mask = (rules: readonly PolicyRule[]): number =>
    requests.reduce((total, request, bit) => (grants(rules, request) ? total | (1 << bit) : total), 0);
  const everyRule = subsets(verbs).flatMap((v) =>
    subsets(groups).flatMap((g) =>
      subsets(resources).flatMap((r) =>
        [[], ...subsets(names)].map((n) => mask([{ verbs: v, apiGroups: g, resources: r, resourceNames: n }])),
      ),
    ),
  );
  return {
    rule: record({
      verbs: some(verbs),
      apiGroups: some(groups),
      resources: some(resources),
      resourceNames: constantFrom([], ...subsets(names)),
    }),
    leastByTrying(rules) {
      const wanted = mask(rules);
      const usable = [...new Set(everyRule)].filter((rule) => (rule & ~wanted) === 0);
      let reached = new Set([0]);
      for (let count = 0; ; count++) {
        if (reached.has(wanted)) return count;
        reached = new Set([...reached].flatMap((sum) => usable.map((rule) => sum | rule)));
      }
    },
  };
}

function subsets(texts: readonly string[]): string[][] {
  return Array.from({ length: 2 ** texts.length - 1 }, (_, index) => texts.filter((_, bit) => (index + 1) & (1 << bit)));
}
