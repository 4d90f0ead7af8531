import { count } from "@plimsoll/api/text";
import { compact, type PolicyRule } from "@plimsoll/permissions";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../../connect/cluster-options.ts";
import { formatDocuments, formatObject, listOf } from "../../output/output.ts";
import { gathersOthers, ownRulesAreLost } from "../objects/aggregation.ts";
import { tableOf, withFormat } from "../format.ts";
import { titleOf } from "../objects/role.ts";
import { isFromCluster, loadRoles, sourceHelp } from "../sources/rules.ts";
import { selected, withSelect } from "../sources/select.ts";
import { formatObjects, formatVerbs } from "../text.ts";
import { summaries } from "../summaries.ts";

/** `plimsoll permissions compact`: the same roles in fewer rules. */
export function compactCommand(): Command {
  return withFormat(withSelect(withCluster(new Command("compact"))), "yaml", "json", "table")
    .description(summaries.compact.description)
    .argument("<source>", "the roles")
    .addHelpText(
      "after",
      `${sourceHelp}\n\nExamples:\n  plimsoll permissions compact role.yaml > smaller.yaml\n  kubectl get clusterroles -o yaml | plimsoll permissions compact - -o table\n  plimsoll permissions compact clusterrole/admin`,
    )
    .action(async (source: string, { output, select, ...cluster }: ClusterOptions & { output: string; select?: string[] }) => {
      const given = await loadRoles(source, { ...cluster, asWritten: true });
      const roles = selected(given, select, (role) => role).map((role) => ({ role, rules: compact(role.rules) }));
      for (const { role } of roles)
        if (gathersOthers(role) && !isFromCluster(role) && role.rules.length > 0) console.error(`note: ${ownRulesAreLost(role)}`);
      for (const { role, rules } of roles) console.error(`${titleOf(role)}: ${count(role.rules.length, "rule")} → ${rules.length}`);
      if (output === "table")
        return console.log(
          tableOf(
            ["ROLE", "VERBS", "ON"],
            roles.flatMap(({ role, rules }) => rules.map((rule) => [titleOf(role), formatVerbs(rule), formatObjects(rule)])),
          ),
        );
      const wholes = roles.map(({ role, rules }) =>
        withRules(gathersOthers(role) && isFromCluster(role) ? withoutGathering(role.whole) : role.whole, rules),
      );
      if (output === "yaml") return console.log(formatDocuments(wholes));
      console.log(formatObject(wholes.length === 1 ? wholes[0] : listOf(wholes), "json"));
    });
}

/** The rules that a cluster has gathered are the role's own then; with the aggregationRule they would be overwritten. */
function withoutGathering(whole: object): object {
  const { aggregationRule: _, ...rest } = whole as { aggregationRule?: unknown };
  return rest;
}

function withRules(whole: object, rules: PolicyRule[]): object {
  if (Array.isArray(whole)) return rules;
  const { metadata } = whole as { metadata?: Record<string, unknown> };
  return { ...whole, ...(metadata && { metadata: written(metadata) }), rules };
}

/** Without what the API server adds, by which the object would be refused, or say what is no more so. */
function written({ annotations, ...metadata }: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(metadata).filter(([field]) => !added.has(field));
  const notes = Object.entries(annotations ?? {}).filter(([key]) => key !== "kubectl.kubernetes.io/last-applied-configuration");
  return { ...Object.fromEntries(kept), ...(notes.length > 0 && { annotations: Object.fromEntries(notes) }) };
}

const added = new Set(["managedFields", "uid", "resourceVersion", "creationTimestamp", "generation", "selfLink"]);
