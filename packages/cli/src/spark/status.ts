import type { SparkApplication } from "@plimsoll/api";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { formatOne, withObject, type ObjectFormat } from "../output/output.ts";
import { formatTable } from "../output/table.ts";
import { visible } from "../output/visible.ts";
import { getApplication, stateOf, withApplication, withSpark } from "./of-application.ts";

/** `plimsoll spark status`: how an application stands, and its executors. */
export function statusCommand(): Command {
  return withObject(withCluster(withApplication(new Command("status"))), "the object in place of its summary")
    .description("show how an application stands: its attempts, its driver, its executors, and why it failed")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll spark status pi\n  plimsoll spark status pi -o json | jq -r .status.applicationState.state\n\nExit codes: 1 where it has failed.",
    )
    .action((name: string, options: ClusterOptions & { output?: ObjectFormat }) =>
      withSpark(options, async (client, namespace) => {
        const application = await getApplication(client, namespace, name);
        console.log(options.output === undefined ? summaryOf(application) : formatOne(application, options.output));
        if (stateOf(application) === "FAILED") process.exitCode = 1;
      }),
    );
}

function summaryOf(application: SparkApplication): string {
  const { metadata, status = {} } = application;
  const { driverInfo = {}, applicationState, executorState = {} } = status;
  const rows = [
    ["Name", `${metadata.namespace ?? ""}/${metadata.name ?? ""}`],
    ["State", stateOf(application)],
    ["Message", visible(applicationState?.errorMessage ?? "")],
    ["Attempts", `${status.executionAttempts ?? 0}`],
    ["Application ID", status.sparkApplicationId ?? ""],
    ["Driver", driverInfo.podName ?? ""],
    ["UI", driverInfo.webUIAddress ?? ""],
    ["Started", status.lastSubmissionAttemptTime ?? ""],
    ["Ended", status.terminationTime ?? ""],
  ].filter(([, value]) => value !== "");
  const width = Math.max(...rows.map(([label = ""]) => label.length)) + 2;
  const text = rows.map(([label = "", value = ""]) => `${`${label}:`.padEnd(width)}${value}`).join("\n");
  const executors = Object.entries(executorState);
  return executors.length === 0 ? text : `${text}\n\n${formatTable(["EXECUTOR", "STATE"], executors)}`;
}
