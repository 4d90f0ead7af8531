import { count } from "@plimsoll/api/text";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../../connect/cluster-options.ts";
import { exitCode } from "../../failure.ts";
import { linesOfDifferences } from "./difference-text.ts";
import { gathersOthers } from "../objects/aggregation.ts";
import { lacking, pastCheck } from "./escalation.ts";
import { print, withFormat } from "../format.ts";
import { titleOf } from "../objects/role.ts";
import { loadBoth, sourceHelp } from "../sources/rules.ts";
import { summaries } from "../summaries.ts";

/** `plimsoll permissions covers`: Kubernetes' escalation check, before it is met. */
export function coversCommand(): Command {
  return withFormat(withCluster(new Command("covers")), "table", "json", "yaml")
    .description(summaries.covers.description)
    .requiredOption("--owner <source>", "the rules of whoever would write or bind the role")
    .requiredOption("--servant <source>", "the role to be written or bound")
    .addHelpText(
      "after",
      `${sourceHelp}\nA line is one verb on one resource that no single rule of the owner covers. A ClusterRole counts everywhere, a Role in its namespace;\nrules without either are compared as rules alone, as for a ClusterRole that is to be bound in one namespace only.\n\nExamples:\n  plimsoll permissions covers --owner installer.yaml --servant app.yaml\n  plimsoll permissions covers --owner clusterrole/admin --servant ref:ai-pipeline\n\nAn owner that holds escalate may write the role all the same, one that holds bind may bind it: both are told.\n\nExit code 0 when all is covered or the owner may escalate, 1 when not.`,
    )
    .action(async ({ owner, servant, output, ...cluster }: ClusterOptions & { owner: string; servant: string; output: string }) => {
      const [held, wanted] = await loadBoth(owner, servant, cluster);
      const missing = lacking(held, wanted);
      for (const role of wanted.filter(gathersOthers))
        console.error(
          `note: ${titleOf(role)} gathers the rules of others: to write it takes every right (* *.* and * on every path); to bind it takes only the rules that it has`,
        );
      print(output, missing, () => linesOfDifferences(missing, [...held, ...wanted]).join("\n"));
      const past = missing.length === 0 ? [] : wanted.map((role) => pastCheck(held, role));
      for (const { told } of past) for (const line of told) console.error(`note: ${line}`);
      // The API server then asks no further.
      const isWritten = past.length > 0 && past.every(({ mayWrite }) => mayWrite);
      if (missing.length > 0 && !isWritten) process.exitCode = exitCode.failure;
      if (output === "table")
        console.error(
          missing.length === 0 ? `${owner} covers ${servant}` : `${owner} lacks ${count(missing.length, "grant")} of ${servant}`,
        );
    });
}
