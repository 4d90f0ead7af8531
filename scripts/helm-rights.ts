import { atoms, type Atom, type PolicyRule, type ResourceAtom } from "@plimsoll/permissions";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The rights that an operation of Helm takes, as tests/helm-rights.test.ts finds them. */
export interface HelmRights {
  operation: string;
  /** The version of the Helm that works, and of the one that made the release. */
  helm: string;
  installedBy: string;
  /** What the audit log shows: in the release's namespace, and for the whole cluster. */
  role: PolicyRule[];
  clusterRole: PolicyRule[];
  /** What no log shows, for it is asked for only of who lacks the rights that are handed out. */
  unlogged: { role: PolicyRule[]; clusterRole: PolicyRule[] };
}

export const helmRights = (): HelmRights[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../docs/reference/helm-rights.json"), "utf8")) as HelmRights[];

/** docs/reference/helm-rights.md: the rights as a table. Rows that are the same but for the versions are one. */
export function helmRightsReference(rights: readonly HelmRights[] = helmRights()): string {
  const objects = chartObjects(rights);
  const rows = new Map<string, { operation: string; cells: string; by: string[] }>();
  const paths = new Map<string, Set<string>>();
  for (const row of rights) {
    const { operation, helm, installedBy } = row;
    const cells = cellsOf(row, objects).join(" | ");
    const key = `${operation} | ${cells}`;
    const found = rows.get(key) ?? { operation, cells, by: [] };
    found.by.push(helm === installedBy ? helm : `${helm}, installed by ${installedBy}`);
    rows.set(key, found);
    const asked = atoms(row.clusterRole).flatMap((atom) => ("path" in atom ? [`\`${atom.path}\``] : []));
    const list = asked.sort().join(", ");
    paths.set(list, (paths.get(list) ?? new Set()).add(operation));
  }
  const operations = [...new Set(rights.map(({ operation }) => operation))];
  const sorted = [...rows.values()].sort((a, b) => operations.indexOf(a.operation) - operations.indexOf(b.operation));
  return `# The rights that Helm's operations take

<!-- Made by \`npm run generate\` from docs/reference/helm-rights.json, which \`npm test -- tests/helm-rights.test.ts -u\` writes. -->

What each operation asked a real API server for, from its audit log, with [a chart](../../tests/helm-rights/chart) of nine objects: ${[...new Set(objects.map((key) => key.split(" ")[0]))].sort().join(", ")}, one of each.
How to read it, and what surprises: [helm-rights.md](../helm-rights.md). The same as rules of a Role and a ClusterRole: [helm-rights.json](helm-rights.json).

- **release's Secrets**: \`secrets\` in the release's namespace, where Helm keeps its revisions. A role can't know their names beforehand.
- **objects of the chart**: each by its name; \`web-extra\` is the one that is added and dropped.
- **every name**: without a name, so that \`resourceNames\` is of no use.
- **in no log**: what RBAC asks for only when the user doesn't hold what a role grants.

| operation | Helm | release's Secrets | objects of the chart | every name | in no log |
| --- | --- | --- | --- | --- | --- |
${sorted.map(({ operation, by, cells }) => `| ${operation} | ${by.join("; ")} | ${cells} |`).join("\n")}

Paths, each with \`get\`; \`system:discovery\` grants them to everybody who is authenticated:

${[...paths].map(([list, names]) => `- ${[...names].join("; ")}: ${list}`).join("\n")}
`;
}

const objectOf = ({ resource, name = "" }: ResourceAtom): string => `${resource} ${name}`;
const isRevision = ({ name = "" }: ResourceAtom): boolean => name.startsWith("sh.helm.release.");
const isExtra = ({ name = "", resource }: ResourceAtom): boolean => name.endsWith("-extra") || resource === "customresourcedefinitions";

/** What every release of the chart has. */
function chartObjects(rights: readonly HelmRights[]): string[] {
  const named = rights.flatMap(rulesOf).filter((atom) => atom.name !== undefined && !isRevision(atom) && !isExtra(atom));
  return [...new Set(named.map(objectOf))];
}

function rulesOf({ role, clusterRole }: Pick<HelmRights, "role" | "clusterRole">): ResourceAtom[] {
  return atoms([...role, ...clusterRole]).filter((atom): atom is ResourceAtom => !("path" in atom));
}

function cellsOf(row: HelmRights, objects: readonly string[]): string[] {
  const all = rulesOf(row);
  // A list or a creation of Secrets is of Helm's own: it is there in every operation that has any.
  const own = (atom: ResourceAtom): boolean =>
    isRevision(atom) || (atom.resource === "secrets" && atom.name === undefined && (atom.verb === "list" || atom.verb === "create"));
  const named = all.filter((atom) => !own(atom) && atom.name !== undefined);
  const unnamed = all.filter((atom) => !own(atom) && atom.name === undefined);
  const kinds = objects.map((key) => key.split(" ")[0] ?? "");
  return [
    [...new Set(all.filter(own).map(({ verb }) => `\`${verb}\``))].sort().join(", "),
    byVerb(named, (on) => (objects.every((object) => on.some((atom) => objectOf(atom) === object)) ? objects : []), "every object"),
    byVerb(
      unnamed,
      (on) => (kinds.every((kind) => on.some(({ resource }) => resource === kind)) ? kinds.map((kind) => `${kind} `) : []),
      "every kind of the chart",
    ),
    byVerb(rulesOf(row.unlogged), () => [], ""),
  ];
}

/** As in "`get`: every object; `patch`: deployments, secrets". */
function byVerb(found: readonly ResourceAtom[], allOf: (on: readonly ResourceAtom[]) => readonly string[], all: string): string {
  const verbs = [...new Set(found.map(({ verb }) => verb))].sort();
  return verbs
    .map((verb) => {
      const on = found.filter((atom) => atom.verb === verb);
      const together = allOf(on);
      const others = on.filter((atom) => !together.includes(objectOf(atom))).map(textOf);
      return `\`${verb}\`: ${[...(together.length > 0 ? [all] : []), ...[...new Set(others)].sort()].join(", ")}`;
    })
    .join("; ");
}

function textOf(atom: Atom): string {
  if ("path" in atom) return atom.path;
  return isExtra(atom) && atom.name !== undefined && atom.resource === "configmaps" ? `${atom.resource} \`${atom.name}\`` : atom.resource;
}
