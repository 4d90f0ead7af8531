import { resourceText } from "../atoms.ts";
import { combinations } from "./combinations.ts";
import { severities, type Danger, type Grants, type Risk } from "./danger.ts";
import { dangers } from "./dangers/index.ts";
import { everything, forms } from "./forms.ts";

/** docs/reference/risks.md: every risk that `risks` knows, worst first. */
export function riskReference(): string {
  const entries: [risk: Risk, found: string][] = [
    [everything, "a rule of all verbs, API groups and resources"],
    ...forms.map((form): [Risk, string] => [form, "the form of a rule, whatever else it names"]),
    ...dangers.map((danger): [Risk, string] => [danger, grantsOf(danger)]),
    ...combinations.map((combination): [Risk, string] => [
      combination,
      combination.all.map((ids) => ids.map(code).join(" or ")).join(", with "),
    ]),
  ];
  const sections = severities.toReversed().map((severity) => {
    const own = entries.filter(([risk]) => risk.severity === severity);
    return `## ${severity}\n\n${own.map(([risk, found]) => entryOf(risk, found)).join("\n\n")}`;
  });
  return `# Risks

<!-- Made by \`npm run generate\` from packages/permissions/src/risks. -->

What \`plimsoll permissions risks\` finds: ${entries.length} dangerous grants, forms of rules and combinations, by the severity that they have without names. Held to names, most count one severity less.
In \`--live\`, \`powerful-account/NAME\` is there besides: a ServiceAccount in reach, with the severity of the worst that it may do;
\`cloud-identity/NAME\`, high, in files too: a ServiceAccount in reach that annotations of EKS, GKE or AKS give an identity in the cloud;
\`nodes-in-reach\`, critical, in files too: pods of one's own choice in a namespace that lets privileged ones in;
and \`changed-default\`, medium: a binding with the name of one of Kubernetes' own that is for others too, or grants more.

${sections.join("\n\n")}
`;
}

function entryOf({ id, title, attack, narrow, source }: Risk, found: string): string {
  return `### ${id}

${title[0]?.toUpperCase()}${title.slice(1)}. ${attack}

- found by: ${found}
- instead: ${narrow}
- source: <${source}>`;
}

function grantsOf({ grants, namespaces, worstNames }: Danger): string {
  const where = namespaces === undefined ? "" : `, in the cluster or in ${namespaces.map(code).join(", ")}`;
  const names = worstNames === undefined ? "" : `; as bad as all are the names ${worstNames.map(code).join(", ")}`;
  return `${grants.map(grantOf).join("; ")}${where}${names}`;
}

function grantOf({ verbs, group, resources, shown }: Grants): string {
  const grant = code(`${verbs.join(",")} ${resources.map((resource) => resourceText({ group, resource })).join(",")}`);
  return shown === undefined ? grant : `${grant} (by ${code(shown)})`;
}

function code(text: string): string {
  return `\`${text}\``;
}
