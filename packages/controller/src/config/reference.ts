import { formatPath, type Schema } from "@plimsoll/api";
import { schema } from "./features.ts";
import { jsonSchemaOf, keysOf, type Key } from "./keys.ts";

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
${keysOf(schema).map(rowOf).join("\n")}
`;
}

/** The files that are made from the schema of the configuration: their paths in the repository, and their texts. */
export function configFiles(): Map<string, string> {
  return new Map([
    ["docs/reference/config.schema.json", `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
    ["docs/reference/config.md", configReference()],
  ]);
}

/** What is of our own in a schema is said in words, as others know no such keyword. */
function published({ live, ...schema }: Schema): Schema {
  return {
    ...schema,
    ...(live === true && { description: `${schema.description} Taken without a restart.` }),
    ...(schema.properties && {
      properties: Object.fromEntries(Object.entries(schema.properties).map(([name, value]) => [name, published(value)])),
    }),
  };
}

function rowOf({ path, value, live }: Key): string {
  const shown = value.default === undefined ? "" : `\`${String(value.default)}\``;
  return `| \`${formatPath(path)}\` | ${typeOf(value)} | ${shown} | ${live ? "yes" : ""} | ${(value.description ?? "").replaceAll("|", "\\|")} |`;
}

function typeOf({ type, enum: values, items, minimum, maximum }: Schema): string {
  if (values) return values.map((value) => `\`${String(value)}\``).join(", ");
  if (items) return `list of ${typeOf(items)}s`;
  const name = type === "integer" ? "whole number" : String(type);
  return minimum === undefined || maximum === undefined ? name : `${name}, ${String(minimum)}–${String(maximum)}`;
}
