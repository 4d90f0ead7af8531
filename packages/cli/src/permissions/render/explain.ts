import { parts, placeOf } from "@plimsoll/controller";
import type { Part } from "@plimsoll/features/part";
import type { DeclaredRule, Settings } from "@plimsoll/kube";
import { atoms, atomText, objectText, requestFor, ruleOf, secondChecks, type Atom } from "@plimsoll/permissions";
import { risks } from "@plimsoll/permissions/risks";
import { Command } from "commander";
import { exitCode, Failure } from "../../failure.ts";
import { print, withFormat } from "../format.ts";
import { summaries } from "../summaries.ts";

/** All that is known of one grant of a feature. */
interface Explanation {
  feature: string;
  grant: string;
  scope: DeclaredRule["scope"];
  /** Values of the feature's configuration with which it isn't granted. */
  unless?: Settings;
  reason: string;
  proof?: { scenario: string; shows: string; request: string; failsWithoutIt: string };
  /** Checks that the API server may make besides. */
  secondChecks: string[];
  risks: { id: string; severity: string; title: string }[];
}

/** `plimsoll permissions explain`: why Plimsoll holds what it holds. */
export function explainCommand(): Command {
  return withFormat(new Command("explain"), "text", "json", "yaml")
    .description(summaries.explain.description)
    .argument("<subject...>", "a feature, or a grant such as `delete pods`, `pods` or `pipelines.plimsoll.dev`")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll permissions explain pipelines\n  plimsoll permissions explain delete pods\n  plimsoll permissions explain pods -o json\n\nExit code 1 when no feature declares the grant.",
    )
    .action((words: string[], { output }: { output: string }) => {
      const found = explanationsOf(words.join(" "));
      print(output, found, () => found.map(textOf).join("\n\n"));
    });
}

function explanationsOf(subject: string): Explanation[] {
  const all = parts.flatMap((feature) => feature.rules.flatMap((rule) => atoms([rule]).map((atom) => ({ feature, rule, atom }))));
  const found = all.filter(({ feature, atom }) => feature.name === subject || isAsked(atom, subject));
  if (found.length > 0) return found.map(({ feature, rule, atom }) => explain(feature, rule, atom));
  const grants = [...new Set(all.map(({ atom }) => objectText(atom)))];
  // Of a verb and a resource that is an answer: no.
  throw new Failure(
    `"${subject}": no feature declares that. There is ${parts.map(({ name }) => name).join(", ")}; what they hold is on ${grants.join(", ")}`,
    subject.includes(" ") ? exitCode.failure : exitCode.usage,
  );
}

/** Whether an atom is meant by its text, or by its resource with or without the group. */
function isAsked(atom: Atom, subject: string): boolean {
  const resource = objectText(atom);
  return (
    subject === atomText(atom) ||
    subject === resource ||
    ("resource" in atom && (subject === atom.resource || subject === `${atom.verb} ${atom.resource}`))
  );
}

function explain({ name, proof }: Part, { scope, unless, reason }: DeclaredRule, atom: Atom): Explanation {
  const grant = atomText(atom);
  const proved = proof.find((row) => row.atom === grant);
  return {
    feature: name,
    grant,
    scope,
    ...(unless && { unless }),
    reason,
    ...(proved && { proof: { scenario: proved.scenario, shows: proved.shows, request: proved.request, failsWithoutIt: proved.fails } }),
    secondChecks: secondChecks(requestFor(atom)).map(({ request, when }) => `${request.verb} ${request.resource}, when ${when}`),
    risks: risks([ruleOf(atom)]).map(({ id, severity, title }) => ({ id, severity, title })),
  };
}

function textOf({ feature, grant, reason, proof, secondChecks, risks, ...place }: Explanation): string {
  return [
    grant,
    `  declared by   ${feature}, ${reason}`,
    `  in            ${placeOf(place)}`,
    ...(proof
      ? [
          `  needed in     ${proof.scenario}: ${proof.shows}`,
          `  for           ${proof.request}`,
          `  without it    this fails: ${proof.failsWithoutIt}`,
        ]
      : []),
    ...secondChecks.map((check) => `  checked too   ${check}`),
    ...risks.map(({ severity, id, title }) => `  risk          ${severity}: ${title} (${id})`),
  ].join("\n");
}
