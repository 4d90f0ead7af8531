import { configJsonSchema } from "@plimsoll/controller/config";
import { Command } from "commander";
import { summaries } from "../summaries.ts";
import { checkCommand } from "./check.ts";

/** `plimsoll config`: the controller's configuration file. */
export function configCommand(): Command {
  return new Command("config")
    .description(summaries.config.description)
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll config check plimsoll.yaml\n  plimsoll config schema > config.schema.json\n\nWithout a cluster.",
    )
    .addCommand(checkCommand())
    .addCommand(schemaCommand());
}

function schemaCommand(): Command {
  return new Command("schema")
    .description("print the JSON Schema of the configuration file")
    .addHelpText("after", "\nExamples:\n  plimsoll config schema > config.schema.json")
    .action(() => console.log(JSON.stringify(configJsonSchema(), null, 2)));
}
