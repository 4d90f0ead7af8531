import { schema } from "./features.ts";
import { jsonSchemaOf, keysOf } from "./keys.ts";
import { published, rowOf } from "./shown.ts";

/** The JSON Schema of the configuration file, for editors. */
export function configJsonSchema(): object {
  return published({ title: "Plimsoll's configuration file", ...jsonSchemaOf(schema) });
}

/** A page in Markdown with every key of the configuration file. */
function configReference(): string {
  return `# The configuration file, key by key

How to use it: [install.md](../install.md#the-configuration-file). [config.schema.json](config.schema.json) says the same to editors. Both are made from the schemas by \`npm run generate\`.

A key that is live is taken from the file while the controller works, within seconds of its change. Any other takes a restart.

| key | type | default | live | what it says |
| --- | --- | --- | --- | --- |
${keysOf(schema)
  .map((key) => rowOf(key, [key.live ? "yes" : ""]))
  .join("\n")}
`;
}

/** The files that are made from the schema of the configuration: their paths in the repository, and their texts. */
export function configFiles(): Map<string, string> {
  return new Map([
    ["docs/reference/config.schema.json", `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
    ["docs/reference/config.md", configReference()],
  ]);
}
