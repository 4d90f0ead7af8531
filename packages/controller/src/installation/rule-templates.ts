import type { DeclaredRule, Settings } from "@plimsoll/kube";
import type { ConfiguredRules } from "@plimsoll/features/configured";
import type { Feature } from "@plimsoll/features/feature";
import type { Part } from "@plimsoll/features/part";
import { clusterWideFault, namespacesFault, outsideFault } from "../config/schema.ts";

/**
 * The rules of each part as a named template of Helm's, `plimsoll.rules.PART`, each rule below its reason, and those of every
 * process as `plimsoll.rules.core`. It takes the name of the Lease (`lease`), which scopes are asked for (`cluster`, `chosen`, `own`), and the features' values (`settings`).
 * `plimsoll.silentFeatures` lists those that record no events; `plimsoll.checkFeatures` refuses values that hold to namespaces what can't be.
 */
export function ruleTemplates(core: readonly Part[], features: readonly Feature[]): string {
  const all: readonly (Part & { configured?: ConfiguredRules })[] = [...core, ...features];
  const templates = all.map(
    ({ name, rules, configured }) => `
{{- define "plimsoll.rules.${name}" }}
${rules.map((rule) => `{{- if ${conditionOf(name, rule)} }}\n${ruleText(name, rule)}{{- end }}\n`).join("")}${configured ? configuredText(name, configured) : ""}{{- end }}
`,
  );
  const ofCore = core.map(({ name }) => `{{- include "plimsoll.rules.${name}" . }}\n`).join("");
  return `{{/* What the features declare, with their reasons. Made by \`npm run generate\`. */}}
${templates.join("")}
{{- define "plimsoll.rules.core" }}
${ofCore}{{- end }}

{{/* The features that record no events, as a list in JSON. Takes the features' values. */}}
{{- define "plimsoll.silentFeatures" -}}
{{- $silent := list ${features
    .filter(({ isSilent }) => isSilent === true)
    .map(({ name }) => JSON.stringify(name))
    .join(" ")} }}
${features
  .flatMap(({ name, isSilent }) =>
    typeof isSilent === "boolean"
      ? []
      : `{{- if or ${comparisons("eq", `(index . ${JSON.stringify(name)})`, isSilent)} }}{{ $silent = append $silent ${JSON.stringify(name)} }}{{ end }}\n`,
  )
  .join("")}{{- toJson $silent }}
{{- end }}

{{- define "plimsoll.checkFeatures" }}
${features
  .filter(({ isHeldToNamespaces }) => isHeldToNamespaces)
  .map(({ name }) => heldCheck(name))
  .join("")}${features
    .filter(({ isClusterWide }) => isClusterWide)
    .map(
      ({ name }) =>
        `{{- if and .Values.namespaces (index .Values.features ${JSON.stringify(name)}).enabled }}\n{{- fail ${JSON.stringify(`features.${name}.enabled: ${clusterWideFault}`)} }}\n{{- end }}\n`,
    )
    .join("")}{{- end }}
`;
}

/** Refuses a feature that isn't told where it works, or elsewhere than the installation. */
function heldCheck(name: string): string {
  const key = `features.${name}.namespaces`;
  return `{{- with index .Values.features ${JSON.stringify(name)} }}
{{- if and .enabled (empty .namespaces) (empty $.Values.namespaces) }}
{{- fail ${JSON.stringify(`${key}: ${namespacesFault}`)} }}
{{- end }}
{{- range $namespace := .namespaces }}
{{- if and (index $.Values.features ${JSON.stringify(name)}).enabled $.Values.namespaces (ne $namespace "*") (not (has $namespace $.Values.namespaces)) }}
{{- fail (printf ${JSON.stringify(`${key}: %q ${outsideFault}`)} $namespace) }}
{{- end }}
{{- end }}
{{- end }}
`;
}

/** The rules for each kind that a key of the feature's values lists. */
function configuredText(name: string, { key, rules }: ConfiguredRules): string {
  const texts = rules.map(
    ({ verbs, reason }) => `# ${name}: ${reason}
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: [${verbs.map((verb) => JSON.stringify(verb)).join(", ")}]
`,
  );
  return `{{- if .chosen }}
{{- range $kind := (index .settings ${JSON.stringify(name)}).${key} }}
${texts.join("")}{{- end }}
{{- end }}
`;
}

/** Whether a rule is granted, in Helm's words. */
function conditionOf(part: string, { scope, unless }: DeclaredRule): string {
  const others = comparisons("ne", `(index .settings ${JSON.stringify(part)})`, unless);
  return others === "" ? `.${scope}` : `and .${scope} ${others}`;
}

/** A feature's values beside some settings, in Helm's words. */
function comparisons(operator: "eq" | "ne", section: string, settings: Settings = {}): string {
  return Object.entries(settings)
    .map(([key, value]) => `(${operator} ${section}.${key} ${JSON.stringify(value)})`)
    .join(" ");
}

function ruleText(part: string, { apiGroups, resources, resourceNames, verbs, reason }: DeclaredRule): string {
  const list = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
  const isLease = resources.includes("leases");
  const lines = [
    `# ${part}: ${reason}`,
    `- apiGroups: ${list(apiGroups)}`,
    `  resources: ${list(resources)}`,
    // What is called otherwise in each installation is a Lease, and nothing else.
    ...(resourceNames === undefined ? [] : [`  resourceNames: ${isLease ? "[{{ .lease | quote }}]" : list(resourceNames)}`]),
    `  verbs: ${list(verbs)}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}
