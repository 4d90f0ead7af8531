import type { DeclaredRule } from "@plimsoll/kube";
import { atoms, atomText } from "@plimsoll/permissions";
import { compare, countOf, references, rulesOfFeatures } from "./compare/compare.ts";
import { features, type Feature, type Proof } from "./features.ts";

const scopes: Record<DeclaredRule["scope"], string> = {
  cluster: "the cluster",
  chosen: "the chosen namespaces, or the cluster",
  own: "the controller's namespace",
};

/** docs/permissions.md: every rule that a feature declares, with its reason and its proof. */
export function permissionsDoc(): string {
  return `# Permissions

<!-- Made by \`npm run generate\` from packages/features/*/permissions.ts and packages/features/*/proof.json. -->

Each feature declares what it may do. Its client refuses every other call, its roles are generated from the declaration
(\`plimsoll permissions render\`), and \`tests/proof.test.ts\` proves them on a real API server with an audit log:

- The feature runs alone, as its own ServiceAccount with exactly its generated role, through its scenarios, and nothing is refused.
- Every grant below was used in them. The request shown is one that needed it.
- Without any one of them, the scenario named beside it fails, and what was refused needed just that grant. The last column says what does not happen.

${features.map(sectionOf).join("\n\n")}

## Beside the roles of others

A grant is one verb on one resource. \`plimsoll permissions compare ai-pipeline\` and \`plimsoll permissions compare ocean\` go through them one by one.

| role | rules | grants | of them granted | not needed | not built yet |
| --- | --: | --: | --: | --: | --: |
${references.map(rowOf).join("\n")}
| Plimsoll's features: ${features.map(({ name }) => name).join(", ")} | ${countOf(rulesOfFeatures()).rules} | ${countOf(rulesOfFeatures()).atoms} | | | |
`;
}

function sectionOf({ name, rules, proof }: Feature): string {
  const scenarios = new Map(proof.map(({ scenario, shows }) => [scenario, shows]));
  const rows = rules.flatMap((rule) =>
    atoms([rule]).map((atom) => {
      const text = atomText(atom);
      const proved = proof.find((row) => row.atom === text);
      return `| \`${text}\` | ${scopes[rule.scope]} | ${rule.reason} | ${provedBy(proved)} |`;
    }),
  );
  return `## ${name}

| grant | in | reason | scenario | a request that needed it | without it, not |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

The scenarios:

${[...scenarios].map(([scenario, shows]) => `- **${scenario}**: ${shows}.`).join("\n")}`;
}

function provedBy(proof: Proof | undefined): string {
  return proof === undefined ? "none | none | none" : `${proof.scenario} | \`${proof.request}\` | ${proof.fails}`;
}

function rowOf(reference: (typeof references)[number]): string {
  const found = compare(reference);
  const count = (verdict: string): number => found.filter((comparison) => comparison.verdict === verdict).length;
  const rules = reference.roles.flatMap(({ sections }) => sections.flatMap((section) => section.rules));
  return `| ${reference.name} | ${rules.length} | ${found.length} | ${count("granted")} | ${count("not needed")} | ${count("not built yet")} |`;
}
