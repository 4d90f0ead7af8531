import { compare, countOf, features, references, rulesOfFeatures, type Comparison } from "@plimsoll/controller";
import { atomText } from "@plimsoll/permissions";
import { Argument, Command } from "commander";
import { paintFor, type Paint } from "../paint.ts";
import { count, print, tableOf, withFormat } from "./format.ts";

const marks = { granted: ["green", "✔"], "not needed": ["dim", "–"], "not built yet": ["yellow", "○"] } as const;

/** `plimsoll permissions compare`: what Plimsoll's features hold of another's roles. */
export function compareCommand(): Command {
  return withFormat(new Command("compare"), "table", "wide", "json", "yaml")
    .description("each grant of another's roles: which of Plimsoll's features has it and why, or why none does")
    .addArgument(new Argument("<roles>", "whose").choices(references.map(({ name }) => name)))
    .addHelpText("after", "\nExamples:\n  plimsoll permissions compare ai-pipeline\n  plimsoll permissions compare ocean -o wide     # a line for each grant\n  plimsoll permissions compare ocean -o json")
    .action((name: string, { output }: { output: string }) => {
      const reference = references.find((reference) => reference.name === name);
      if (reference === undefined) return;
      const found = compare(reference);
      const rules = reference.roles.flatMap(({ sections }) => sections.flatMap((section) => section.rules));
      const paint = paintFor(process.stdout);
      print(output, { reference: reference.name, theirs: { rules: rules.length, grants: found.length }, ours: { features: features.map((feature) => feature.name), ...countOf(rulesOfFeatures()) }, grants: found }, () =>
        [...tables(found, output === "wide", paint), summary(reference.title, rules.length, found)].join("\n\n"),
      );
    });
}

/** A table for each role. */
function tables(found: readonly Comparison[], each: boolean, paint: Paint): string[] {
  return [...Map.groupBy(found, ({ role }) => role)].map(([role, of]) => `${paint("bold", role)}\n${tableOf(["", "SECTION", "GRANT", "VERDICT", "WHY"], lines(of, each).map((line) => row(line, paint)))}`);
}

interface Line {
  comparisons: readonly [Comparison, ...Comparison[]];
  grant: string;
}

/** A line for each grant or, more briefly, for the verbs of one verdict on one resource. */
function lines(found: readonly Comparison[], each: boolean): Line[] {
  const resource = ({ atom }: Comparison): string => atomText({ ...atom, verb: "" }).trim();
  const groups = Map.groupBy(found, (one) => JSON.stringify([one.section, one.verdict, one.why, resource(one), each ? one.atom.verb : ""]));
  return [...groups.values()].flatMap((comparisons) => {
    const [first, ...others] = comparisons;
    return first === undefined ? [] : [{ comparisons: [first, ...others], grant: `${comparisons.map(({ atom }) => atom.verb).join(",")} ${resource(first)}` }];
  });
}

function row({ comparisons: [{ section, verdict, feature, why }], grant }: Line, paint: Paint): string[] {
  const [style, mark] = marks[verdict];
  return [paint(style, mark), section, grant, paint(style, verdict), feature === undefined ? why : `${feature}: ${why}`];
}

function summary(title: string, rules: number, found: readonly Comparison[]): string {
  const of = (verdict: Comparison["verdict"]): string => `${found.filter((comparison) => comparison.verdict === verdict).length} ${verdict}`;
  const ours = countOf(rulesOfFeatures());
  return [
    `${title}: ${count(rules, "rule")}, ${count(found.length, "grant")}: ${of("granted")}, ${of("not needed")}, ${of("not built yet")}.`,
    `Plimsoll's features (${features.map(({ name }) => name).join(", ")}): ${count(ours.rules, "rule")}, ${count(ours.atoms, "grant")}.`,
  ].join("\n");
}
