import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../cluster-options.ts";
import { exitCode } from "../failure.ts";
import { bindingsOf, formatSubject, subjectsFor, type Bound } from "./access.ts";
import { bindingTitle, noteMissing, roleTitle, scopeOf } from "./bindings-text.ts";
import { print, tableOf, withFormat } from "./format.ts";
import { accountExists, readRbac, withRbac } from "./live.ts";
import { parseSubject, type Asker } from "./subject.ts";
import { formatObjects, formatVerbs } from "./text.ts";
import { visible } from "./visible.ts";

interface WhatCanOptions extends ClusterOptions {
  group: string[];
  output: string;
}

/** `plimsoll permissions what-can`: all that the cluster's roles and bindings grant a subject. */
export function whatCanCommand(): Command {
  return withFormat(withCluster(new Command("what-can")), "table", "json", "yaml")
    .description("what somebody may do in the cluster, by which binding and role; -n: in that namespace")
    .argument(
      "<subject>",
      "user:NAME, group:NAME, or a ServiceAccount as serviceaccount:NAMESPACE/NAME, NAMESPACE/NAME or system:serviceaccount:NAMESPACE:NAME",
    )
    .option(
      "--group <name>",
      "a group that the user is in, as the login says; may be repeated",
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .addHelpText(
      "after",
      "\nThe groups that everybody or every ServiceAccount is in count too. Only roles and bindings are looked at.\n\nExamples:\n  plimsoll permissions what-can serviceaccount:team-a/builder\n  plimsoll permissions what-can user:ada --group developers -n team-a\n  plimsoll permissions what-can group:system:authenticated -o yaml\n\nExit code 1 when it is nothing.",
    )
    .action((text: string, options: WhatCanOptions) => {
      const asker = parseSubject(text, options.group);
      return withRbac(options, async (client) => {
        const [rbac, exists] = await Promise.all([readRbac(client), asker.account === undefined || accountExists(client, asker.account)]);
        if (!exists) console.error(`note: there is no ${asker.title}; this is what it could do`);
        const held = bindingsOf(rbac)
          .filter(
            ({ subjects, namespace }) =>
              (namespace === undefined || options.namespace === undefined || namespace === options.namespace) &&
              subjectsFor(subjects, asker).length > 0,
          )
          .map(withoutPaths);
        noteMissing(held);
        for (const [group, more] of Object.entries(beyondRbac)) if (asker.groups.includes(group)) console.error(`note: ${more}`);
        print(
          options.output,
          held.map((bound) => dataOf(bound, asker)),
          () => tableOfHeld(held, asker),
        );
        if (asker.groups.includes("system:masters") || held.some(({ rules }) => rules?.length)) return;
        console.error(`${asker.title} may do nothing${options.namespace === undefined ? "" : ` in namespace ${options.namespace}`}`);
        process.exitCode = exitCode.failure;
      });
    });
}

/** What the API server lets a group do besides what RBAC grants it. */
const beyondRbac = {
  "system:masters": "members of system:masters may do everything, whatever the bindings say",
  "system:nodes": "nodes may also do what the Node authorizer lets them",
};

/** A RoleBinding to a ClusterRole leaves its paths out. */
function withoutPaths(bound: Bound): Bound {
  return bound.namespace === undefined ? bound : { ...bound, rules: bound.rules?.filter(({ resources }) => resources?.length) };
}

function dataOf({ binding, role, namespace, rules, subjects }: Bound, asker: Asker): object {
  return {
    ...(namespace !== undefined && { namespace }),
    binding,
    role,
    ...(rules === undefined && { missingRole: true }),
    as: subjectsFor(subjects, asker).map(formatSubject),
    rules: rules ?? [],
  };
}

function tableOfHeld(held: readonly Bound[], asker: Asker): string {
  const rows = held.flatMap((bound) => {
    const as = visible(
      subjectsFor(bound.subjects, asker)
        .map(({ name }) => name)
        .join(", "),
    );
    return (bound.rules ?? []).map((rule) => [
      scopeOf(bound),
      formatVerbs(rule),
      formatObjects(rule),
      bindingTitle(bound),
      roleTitle(bound),
      as,
    ]);
  });
  return tableOf(["NAMESPACE", "VERBS", "ON", "BINDING", "ROLE", "AS"], rows);
}
