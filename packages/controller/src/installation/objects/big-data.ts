import { bigDataKinds, environments } from "@plimsoll/features/inventory";
import type { PolicyRule } from "@plimsoll/permissions";
import { clusterName } from "../../grant.ts";
import { labelsOf } from "../../roles.ts";
import { roleAndBinding } from "./extensions.ts";
import type { Installation } from "../installation.ts";
import type { KubernetesObject } from "./metadata.ts";
import type { Values } from "../values/values.ts";

const rulesWith = (verbs: string[]): PolicyRule[] =>
  Array.from(
    Map.groupBy(bigDataKinds, ({ group }) => group),
    ([group, some]) => ({ apiGroups: [group], resources: some.map(({ resource }) => resource), verbs }),
  );

/** Who may do what with the kinds of Ocean for Spark, where the values want these. */
export const bigDataRules: Readonly<Record<"controller" | "view" | "edit", readonly PolicyRule[]>> = {
  controller: rulesWith(["list"]),
  view: rulesWith(["get", "list", "watch"]),
  edit: [{ apiGroups: [environments.group], resources: [environments.resource], verbs: ["patch"] }],
};

/** Whether the values want the kinds of Ocean for Spark. */
export function hasBigData({ features: { inventory } }: Pick<Values, "features">): boolean {
  return inventory?.enabled === true && inventory["bigData"] === true;
}

/** What lets those processes count the kinds of Ocean for Spark that run the inventory. */
export function bigDataRoles(
  { values, namespace }: Installation,
  processes: readonly { account: string; features: readonly { name: string }[] }[],
): KubernetesObject[] {
  if (!hasBigData(values)) return [];
  const accounts = processes.filter(({ features }) => features.some(({ name }) => name === "inventory")).map(({ account }) => account);
  return roleAndBinding(clusterName("plimsoll-big-data", namespace), namespace, accounts, labelsOf(namespace), [
    ...bigDataRules.controller,
  ]);
}
