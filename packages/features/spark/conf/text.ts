/** Properties as the text of a file that Java reads (java.util.Properties), in the order of their keys. */
export function propertiesText(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${escaped(key).replace(/[ :=#!]/g, "\\$&")}=${escaped(value).replace(/^[ \t]/, "\\$&")}\n`)
    .join("");
}

const names: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f" };

function escaped(text: string): string {
  return text.replace(/[\\\n\r\t\f]/g, (character) => names[character] ?? character);
}
