import { count } from "@plimsoll/api/text";
import {
  compare,
  countsOf,
  declaredRules,
  parts,
  references,
  sectionCountsOf,
  type Comparison,
  type Count,
  type SectionCount,
} from "@plimsoll/controller";
import { atoms, objectText } from "@plimsoll/permissions";
import { Argument, Command } from "commander";
import { paintFor, type Paint } from "../../output/paint.ts";
import { print, tableOf, withFormat } from "../format.ts";
import { summaries } from "../summaries.ts";

const marks = { granted: ["green", "✔"], "not needed": ["dim", "–"] } as const;

/** `plimsoll permissions compare`: what Plimsoll's features hold of another's roles. */
export function compareCommand(): Command {
  return withFormat(new Command("compare"), "table", "wide", "json", "yaml")
    .description(summaries.compare.description)
    .addArgument(new Argument("<roles>", "whose").choices(references.map(({ name }) => name)))
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll permissions compare ai-pipeline\n  plimsoll permissions compare ocean -o wide     # a line for each grant\n  plimsoll permissions compare ocean -o json",
    )
    .action((name: string, { output }: { output: string }) => {
      const reference = references.find((reference) => reference.name === name);
      if (reference === undefined) return;
      const found = compare(reference);
      const ours = { parts: parts.map(({ name }) => name), rules: declaredRules.length, grants: atoms(declaredRules).length };
      const theirs = [...countsOf(reference)].map(([role, counts]) => ({ role, ...counts }));
      const sections = sectionCountsOf(reference);
      const paint = paintFor(process.stdout);
      print(output, { reference: reference.name, theirs, ours, sections, grants: found }, () =>
        [
          paint("bold", reference.title),
          ...theirs.map(
            (role) =>
              `${headingOf(role)}\n${tableOf(
                ["", "SECTION", "GRANT", "VERDICT", "WHY"],
                lines(
                  found.filter((one) => one.role === role.role),
                  output === "wide",
                ).map((line) => row(line, paint)),
              )}`,
          ),
          tableOf(["SECTION", "GRANTS", "GRANTED", "NOT NEEDED", "PLIMSOLL'S OWN"], sections.map(sectionRow)),
          `Plimsoll (${ours.parts.join(", ")}): ${count(ours.rules, "rule")}, ${count(ours.grants, "grant")}.`,
        ].join("\n\n"),
      );
    });
}

function headingOf({ role, rules, optional, grants, verdicts }: Count & { role: string }): string {
  return `${role}: ${count(rules, "rule")}${optional > 0 ? ` (${optional} optional)` : ""}, ${count(grants, "grant")}: ${Object.entries(
    verdicts,
  )
    .map(([verdict, times]) => `${times} ${verdict}`)
    .join(", ")}`;
}

/** A section's grants, and beside them those of Plimsoll's features that do the same. */
function sectionRow({ section, grants, verdicts, features }: SectionCount): string[] {
  const own = features.map(({ name, grants }) => `${name}: ${count(grants, "grant")}`).join(", ");
  return [section, grants === 0 ? "no rule" : `${grants}`, `${verdicts.granted}`, `${verdicts["not needed"]}`, own || "-"];
}

interface Line {
  comparisons: readonly [Comparison, ...Comparison[]];
  grant: string;
}

/** A line for each grant or, more briefly, for the verbs of one verdict on one resource. */
function lines(found: readonly Comparison[], each: boolean): Line[] {
  const resource = ({ atom }: Comparison): string => objectText(atom);
  const groups = Map.groupBy(found, (one) => JSON.stringify([one.section, one.verdict, one.why, resource(one), each ? one.atom.verb : ""]));
  return [...groups.values()].flatMap((comparisons) => {
    const [first, ...others] = comparisons;
    return first === undefined
      ? []
      : [{ comparisons: [first, ...others], grant: `${comparisons.map(({ atom }) => atom.verb).join(",")} ${resource(first)}` }];
  });
}

function row({ comparisons: [{ section, optional, verdict, feature, why }], grant }: Line, paint: Paint): string[] {
  const [style, mark] = marks[verdict];
  return [
    paint(style, mark),
    optional ? `${section} (optional)` : section,
    grant,
    paint(style, verdict),
    feature === undefined ? why : `${feature}: ${why}`,
  ];
}
