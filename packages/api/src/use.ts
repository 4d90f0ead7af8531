import type { Path } from "./path.ts";
import type { Problem } from "./problem.ts";

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

/** What is wrong where an object, whose list stands at `at`, doesn't list what is used by what it names. */
export function unlisted(list: keyof typeof lists, uses: readonly Use[], listed: readonly string[] = [], at: Path = ["spec"]): Problem[] {
  const missing = uses.filter(({ name }) => !listed.includes(name));
  const [first] = missing;
  if (first === undefined) return [];
  const { rule, lacks } = lists[list];
  const all = [...new Set([...listed, ...missing.map(({ name }) => name)])];
  return [{ rule, path: [...at, list], message: `lacks ${lacks(first)}: give ${list}: [${all.join(", ")}]` }];
}
