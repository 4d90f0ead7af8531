import { heldWithin, type Scopes } from "@plimsoll/permissions";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../../connect/cluster-options.ts";
import type { Subject } from "kubernetes-types/rbac/v1.d.ts";
import { endWith, exitCode, UsageError } from "../../failure.ts";
import { bindingsOf, formatSubject, subjectsFor, type Bound } from "../subjects/access.ts";
import { boundIn } from "../sources/bound-files.ts";
import { rulesOption } from "../sources/bound-source.ts";
import { bindingTitle, noteMissing, roleTitle, scopeOf } from "./bindings-text.ts";
import { discover } from "../sources/discovery.ts";
import { print, tableOf, withFormat } from "../format.ts";
import { accountExists, readRbac, withRbac } from "../sources/live.ts";
import { scopesOf } from "../objects/served.ts";
import { subjectFilter } from "../subjects/subject-filter.ts";
import { parseSubject, type Asker } from "../subjects/subject.ts";
import { formatObjects, formatVerbs } from "../text.ts";
import { visible } from "../../output/visible.ts";
import { summaries } from "../summaries.ts";

interface WhatCanOptions extends ClusterOptions {
  group: string[];
  rules?: string[];
  output: string;
}

/** `plimsoll permissions what-can`: all that the cluster's roles and bindings grant a subject. */
export function whatCanCommand(): Command {
  return withFormat(withCluster(new Command("what-can")), "table", "json", "yaml")
    .description(summaries["what-can"].description)
    .argument(
      "<subject>",
      "user:NAME, group:NAME, or a ServiceAccount as serviceaccount:NAMESPACE/NAME, NAMESPACE/NAME or system:serviceaccount:NAMESPACE:NAME; or /REGEXP/ for all whom it fits, as /^ServiceAccount team-/",
    )
    .option(
      "--group <name>",
      "a group that the user is in, as the login says; may be repeated",
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .addOption(rulesOption())
    .addHelpText(
      "after",
      "\nThe groups that everybody or every ServiceAccount is in count too. Only roles and bindings are looked at.\n\nExamples:\n  plimsoll permissions what-can serviceaccount:team-a/builder\n  plimsoll permissions what-can user:ada --group developers -n team-a\n  plimsoll permissions what-can group:system:authenticated -o yaml\n  plimsoll permissions what-can team-a/builder --rules deploy/\n  plimsoll permissions what-can '/^User .*@example.com$/'\n\nExit code 1 when it is nothing.",
    )
    .action(async (text: string, options: WhatCanOptions) => {
      const asked = askedBy(text, options);
      const { rules } = options;
      if (rules !== undefined) {
        const { bindings, resources } = await boundIn(rules, options);
        return tell(bindings, asked, { ...options, scopes: scopesOf(resources) });
      }
      return withRbac(options, async (client, transport) => {
        const { account, title } = asked;
        const [rbac, served, exists] = await Promise.all([
          readRbac(client, options.namespace),
          discover(transport),
          account === undefined || accountExists(client, account),
        ]);
        if (!exists) console.error(`note: there is no ${title}; this is what it could do`);
        tell(bindingsOf(rbac), asked, { ...options, scopes: scopesOf(served) });
      });
    });
}

/** Whom a question is about: the subjects by which a binding holds for them. */
interface Asked extends Pick<Asker, "groups" | "title" | "account"> {
  subjectsOf: (bound: Bound) => Subject[];
}

function askedBy(text: string, { group }: WhatCanOptions): Asked {
  const [, expression] = /^\/(.+)\/$/s.exec(text) ?? [];
  if (expression === undefined) {
    const asker = parseSubject(text, group);
    return { ...asker, subjectsOf: ({ subjects }) => subjectsFor(subjects, asker) };
  }
  if (group.length > 0) throw new UsageError("--group is for one user: a regular expression fits groups by their own names");
  const fits = subjectFilter(expression);
  return { title: `whom ${text} fits`, groups: [], subjectsOf: ({ subjects }) => subjects.filter(fits) };
}

function tell(
  bindings: readonly Bound[],
  asked: Asked,
  { namespace, output, rules: sources, scopes }: WhatCanOptions & { scopes: Scopes },
): void {
  const { title, groups } = asked;
  const held = bindings
    .filter(
      (bound) =>
        (bound.namespace === undefined || namespace === undefined || bound.namespace === namespace) && asked.subjectsOf(bound).length > 0,
    )
    .map((bound) => within(bound, scopes));
  noteMissing(held, sources);
  for (const [group, more] of Object.entries(beyondRbac)) if (groups.includes(group)) console.error(`note: ${more}`);
  print(
    output,
    held.map((bound) => dataOf(bound, asked)),
    () => tableOfHeld(held, asked),
  );
  if (groups.includes("system:masters") || held.some(({ rules }) => rules?.length)) return;
  const where = sources === undefined ? "" : `${sources.join(", ")}: `;
  console.error(`${where}${title} may do nothing${namespace === undefined ? "" : ` in namespace ${namespace}`}`);
  endWith(exitCode.failure);
}

/** What the API server lets a group do besides what RBAC grants it. */
const beyondRbac = {
  "system:masters": "members of system:masters may do everything, whatever the bindings say",
  "system:nodes": "nodes may also do what the Node authorizer lets them",
};

/** A RoleBinding to a ClusterRole leaves out its paths, and what is in no namespace. */
function within(bound: Bound, scopes: Scopes): Bound {
  return bound.namespace === undefined ? bound : { ...bound, rules: bound.rules && heldWithin(bound.rules, scopes) };
}

function dataOf(bound: Bound, asked: Asked): object {
  const { binding, role, namespace, rules } = bound;
  return {
    ...(namespace !== undefined && { namespace }),
    binding,
    role,
    ...(rules === undefined && { missingRole: true }),
    as: asked.subjectsOf(bound).map(formatSubject),
    rules: rules ?? [],
  };
}

function tableOfHeld(held: readonly Bound[], asked: Asked): string {
  const rows = held.flatMap((bound) => {
    const as = visible(
      asked
        .subjectsOf(bound)
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
