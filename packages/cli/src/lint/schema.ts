import { jsonSchemaOf, kinds } from "@plimsoll/api";
import { Argument, Command } from "commander";
import { summaries } from "../summaries.ts";

const names = kinds.map(({ kind }) => kind.toLowerCase());

/** `plimsoll schema`: what editors complete and check files by. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description(summaries.schema.description)
    .addArgument(new Argument("<kind>", "the kind").choices(names))
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll schema pipeline > pipeline.schema.json\n\nThen, as the first line of a file: # yaml-language-server: $schema=pipeline.schema.json",
    )
    .action((name: string) => {
      const kind = kinds.find(({ kind }) => kind.toLowerCase() === name);
      if (kind !== undefined) console.log(JSON.stringify(jsonSchemaOf(kind), null, 2));
    });
}
