import { Command } from "commander";
import { summaries } from "../summaries.ts";
import { listCommand } from "./list.ts";
import { purgeCommand, switchCommand } from "./switch.ts";

/** `plimsoll bigdata`: the environments of Ocean for Spark, and what switches them. */
export function bigDataCommand(): Command {
  return new Command("bigdata")
    .description(summaries.bigdata.description)
    .addHelpText(
      "after",
      `
Examples:
  plimsoll bigdata -A
  plimsoll bigdata deactivate spark -n spot-system --dry-run
  plimsoll bigdata purge spark -n spot-system`,
    )
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(switchCommand("activate"))
    .addCommand(switchCommand("deactivate"))
    .addCommand(purgeCommand());
}
