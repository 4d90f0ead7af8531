import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../../connect/cluster-options.ts";
import { exitCode } from "../../failure.ts";
import { paintFor } from "../../output/paint.ts";
import { difference, type Difference } from "./difference.ts";
import { linesOfDifferences } from "./difference-text.ts";
import { print, withFormat } from "../format.ts";
import { loadBoth, sourceHelp } from "../sources/rules.ts";
import { summaries } from "../summaries.ts";

/** `plimsoll permissions diff`: what two sets of rules grant differently, however they are written. */
export function diffCommand(): Command {
  return withFormat(withCluster(new Command("diff")), "table", "json", "yaml")
    .description(summaries.diff.description)
    .argument("<a>", "rules before")
    .argument("<b>", "rules after")
    .addHelpText(
      "after",
      `${sourceHelp}\nA ClusterRole counts everywhere, a Role in its namespace; rules without either are compared as rules alone.\n\nExamples:\n  plimsoll permissions diff old.yaml new.yaml\n  git show HEAD:role.yaml | plimsoll permissions diff - role.yaml\n  plimsoll permissions diff clusterrole/my-operator my-operator.yaml\n\nExit code 0 when they grant the same, 1 when not.`,
    )
    .action(async (a: string, b: string, { output, ...cluster }: ClusterOptions & { output: string }) => {
      const [before, after] = await loadBoth(a, b, cluster);
      const { onlyA, onlyB } = difference(before, after);
      const paint = paintFor(process.stdout);
      const lines = (differences: readonly Difference[]): string[] => linesOfDifferences(differences, [...before, ...after]);
      print(output, { onlyA, onlyB }, () =>
        [...lines(onlyA).map((line) => paint("red", `- ${line}`)), ...lines(onlyB).map((line) => paint("green", `+ ${line}`))].join("\n"),
      );
      if (onlyA.length + onlyB.length > 0) process.exitCode = exitCode.failure;
    });
}
