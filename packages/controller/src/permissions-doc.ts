import type { DeclaredRule, Settings } from "@plimsoll/kube";
import { atoms, atomText } from "@plimsoll/permissions";
import { countsOf, declaredRules, references } from "./compare/compare.ts";
import type { Part, Proof } from "@plimsoll/features/part";
import { parts } from "./core/parts.ts";

/** Where a rule is granted, in words. */
const scopes: Record<DeclaredRule["scope"], string> = {
  cluster: "the cluster",
  chosen: "the chosen namespaces, or the cluster",
  own: "the controller's namespace",
};

/** Where and when a rule is granted, in words. */
export function placeOf({ scope, unless = {} }: { scope: DeclaredRule["scope"]; unless?: Settings | undefined }): string {
  const settings = Object.entries(unless).map(([key, value]) => `${key}: ${value}`);
  return settings.length === 0 ? scopes[scope] : `${scopes[scope]}; not with ${settings.join(" or ")}`;
}

/** docs/permissions.md: every rule that a feature declares, with its reason and its proof. */
export function permissionsDoc(): string {
  return `# Permissions

<!-- Made by \`npm run generate\` from packages/features/*/permissions.ts and packages/features/*/proof.json. -->

Each feature declares what it may do. Its client refuses every other call, its roles are generated from the declaration
(\`plimsoll permissions render\`), and \`tests/proof.test.ts\` proves them on a real API server with an audit log:

- The feature runs alone, as its own ServiceAccount with exactly its generated role, through its scenarios, and nothing is refused.
- Every grant below was used in them. The request shown is one that needed it.
- Without any one of them, the scenario named beside it fails, and what was refused needed just that grant. The last column says at which expectation.

${parts.map(sectionOf).join("\n\n")}

## Beside the roles of others

A grant is one verb on one resource. \`plimsoll permissions compare ai-pipeline\` and \`plimsoll permissions compare ocean\` go through them one by one.

| role | rules | grants | of them granted | not needed |
| --- | --: | --: | --: | --: |
${references.flatMap((reference) => [...countsOf(reference)].map(([role, { rules, optional, grants, verdicts }]) => `| ${reference.name}: ${role} | ${rules}${optional > 0 ? ` (${optional} optional)` : ""} | ${grants} | ${verdicts.granted} | ${verdicts["not needed"]} |`)).join("\n")}
| Plimsoll: ${parts.map(({ name }) => name).join(", ")} | ${declaredRules.length} | ${atoms(declaredRules).length} | | |
`;
}

function sectionOf(feature: Part): string {
  const { name, rules, proof } = feature;
  const scenarios = new Map(proof.map(({ scenario, shows }) => [scenario, shows]));
  const rows = rules.flatMap((rule) =>
    atoms([rule]).map((atom) => {
      const text = atomText(atom);
      const proved = proof.find((row) => row.atom === text);
      return `| \`${text}\` | ${placeOf(rule)} | ${rule.reason} | ${provedBy(feature, text, proved)} |`;
    }),
  );
  return `## ${name}

| grant | in | reason | scenario | a request that needed it | without it fails |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

The scenarios:

${[...scenarios].map(([scenario, shows]) => `- **${scenario}**: ${shows}.`).join("\n")}`;
}

function provedBy({ name }: Part, grant: string, proof: Proof | undefined): string {
  if (proof === undefined) throw new Error(`${name}: "${grant}" has no proof: run \`npm test -- tests/proof.test.ts -u\` first`);
  return `${proof.scenario} | \`${proof.request}\` | ${proof.fails}`;
}
