import { Command } from "commander";
import { summaries } from "../summaries.ts";
import { importCommand } from "./import.ts";
import { listCommand } from "./list.ts";
import { runCommand } from "./run.ts";
import { resumeCommand, suspendCommand } from "./suspend.ts";

/** `plimsoll schedules`: the schedules of a namespace, and what is done to them. */
export function schedulesCommand(): Command {
  return new Command("schedules")
    .description(summaries.schedules.description)
    .addHelpText(
      "after",
      `
Examples:
  plimsoll schedules
  plimsoll schedules --next 10
  plimsoll schedules run nightly
  plimsoll schedules suspend nightly
  plimsoll schedules import cronjobs.yaml > schedules.yaml`,
    )
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(runCommand())
    .addCommand(suspendCommand())
    .addCommand(resumeCommand())
    .addCommand(importCommand());
}
