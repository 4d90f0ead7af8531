import { Command } from "commander";
import { summaries } from "../summaries.ts";
import { applyCommand } from "./apply.ts";
import { deleteCommand } from "./delete.ts";
import { diffCommand } from "./diff.ts";
import { statusCommand } from "./status.ts";

/** `plimsoll workloads`: sets of objects that are kept as they are written. */
export function workloadsCommand(): Command {
  return new Command("workloads")
    .description(summaries.workloads.description)
    .addHelpText(
      "after",
      `
Examples:
  plimsoll workloads
  plimsoll workloads diff web.yaml
  plimsoll workloads apply web.yaml --wait
  plimsoll workloads status web
  plimsoll workloads delete web --orphan`,
    )
    .addCommand(statusCommand(), { isDefault: true })
    .addCommand(applyCommand())
    .addCommand(diffCommand())
    .addCommand(deleteCommand());
}
