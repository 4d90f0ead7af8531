import type { DeclaredRule } from "@plimsoll/kube";
import type { Part } from "@plimsoll/features/part";

/**
 * The rules of each part as a named template of Helm's, `plimsoll.rules.PART`, each rule below its reason, and those of every
 * process as `plimsoll.rules.core`. It takes the name of the Lease (`lease`), and which scopes are asked for (`cluster`, `chosen`, `own`).
 */
export function ruleTemplates(core: readonly Part[], features: readonly Part[]): string {
  const templates = [...core, ...features].map(
    ({ name, rules }) => `
{{- define "plimsoll.rules.${name}" }}
${rules.map((rule) => `{{- if .${rule.scope} }}\n${ruleText(name, rule)}{{- end }}\n`).join("")}{{- end }}
`,
  );
  const ofCore = core.map(({ name }) => `{{- include "plimsoll.rules.${name}" . }}\n`).join("");
  return `{{/* What the features declare, with their reasons. Made by \`npm run generate\`. */}}
${templates.join("")}
{{- define "plimsoll.rules.core" }}
${ofCore}{{- end }}
`;
}

function ruleText(part: string, { apiGroups, resources, resourceNames, verbs, reason }: DeclaredRule): string {
  const list = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
  const lines = [
    `# ${part}: ${reason}`,
    `- apiGroups: ${list(apiGroups)}`,
    `  resources: ${list(resources)}`,
    // A Lease is all that a part may name today.
    ...(resourceNames === undefined ? [] : ["  resourceNames: [{{ .lease | quote }}]"]),
    `  verbs: ${list(verbs)}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}
