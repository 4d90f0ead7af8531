import { Command } from "commander";
import { summaries } from "../summaries.ts";
import { killCommand, resumeCommand } from "./kill.ts";
import { listCommand } from "./list.ts";
import { logsCommand } from "./logs.ts";
import { roleCommand } from "./role.ts";
import { statusCommand } from "./status.ts";
import { uiCommand } from "./ui.ts";

/** `plimsoll spark`: a namespace's Spark applications, and what is done to them. */
export function sparkCommand(): Command {
  return new Command("spark")
    .description(summaries.spark.description)
    .addHelpText(
      "after",
      `
Examples:
  plimsoll spark
  plimsoll spark status pi
  plimsoll spark logs pi -f
  plimsoll spark ui pi
  plimsoll spark kill pi
  plimsoll spark role -n team-a | kubectl apply -f -`,
    )
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(statusCommand())
    .addCommand(logsCommand())
    .addCommand(uiCommand())
    .addCommand(killCommand())
    .addCommand(resumeCommand())
    .addCommand(roleCommand());
}
