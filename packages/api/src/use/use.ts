import type { Path } from "../problems/path.ts";
import type { Problem } from "../problems/problem.ts";

/** What is used by what an object names and doesn't hold itself: the API server sees one object at a time, so that the object has to list it. */
export interface Use {
  /** Of a ServiceAccount, or a kind as in `batch/v1 Job`. */
  name: string;
  /** As in `step "ship" of Pipeline "release"`. */
  by: string;
  path: Path;
}

/** The lists that objects have, each with what is said of one that lacks something. */
const lists = {
  serviceAccountNames: { rule: "service-account", lacks: ({ name, by }: Use) => `ServiceAccount "${name}", as which ${by} runs` },
  manifestKinds: { rule: "manifest-kind", lacks: ({ name, by }: Use) => `"${name}", of which ${by} makes objects` },
} as const;

type ListName = keyof typeof lists;

const listNames = Object.keys(lists) as ListName[];

/** By the list that has to have them. */
type Uses = Partial<Record<ListName, readonly Use[]>>;

/** The lists of an object that lacks nothing of what is used; none that would be empty. */
export function listsOf(uses: Uses): Partial<Record<ListName, string[]>> {
  return Object.fromEntries(
    listNames.flatMap((list) => {
      const names = new Set((uses[list] ?? []).map(({ name }) => name));
      return names.size === 0 ? [] : [[list, [...names]]];
    }),
  );
}

/** What is wrong where an object, whose lists stand at `at`, doesn't list what is used by what it names. */
export function unlisted(uses: Uses, listed: { [list in ListName]?: readonly string[] | undefined } = {}, at: Path = ["spec"]): Problem[] {
  return listNames.flatMap((list) => {
    const known = listed[list] ?? [];
    const missing = (uses[list] ?? []).filter(({ name }) => !known.includes(name));
    const [first] = missing;
    if (first === undefined) return [];
    const { rule, lacks } = lists[list];
    const all = [...new Set([...known, ...missing.map(({ name }) => name)])];
    return [{ rule, path: [...at, list], message: `lacks ${lacks(first)}: give ${list}: [${all.join(", ")}]` }];
  });
}
