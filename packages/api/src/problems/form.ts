import { entriesOf, fieldOf, fieldsOf, type Place } from "../elsewhere/place.ts";

/** How a list or a map of a schema is written, as in `[{name: …}]`: with the value that was given for it, where that belongs within. */
export function formOf(place: Place, value: unknown): string | undefined {
  if (place.some(({ type }) => type === "array")) {
    const entries = entriesOf(place);
    if (takes(entries, value)) return `[${JSON.stringify(value)}]`;
    const entry = mapOf(entries, undefined) ?? (takes(entries, "") ? "a, b" : takes(entries, 1) ? "1, 2" : undefined);
    return entry && `[${entry}]`;
  }
  return mapOf(place, value);
}

function mapOf(place: Place, value: unknown): string | undefined {
  const required = place.flatMap(({ required = [] }) => required);
  const [only, ...more] = required;
  if (only !== undefined && more.length === 0 && takes(fieldOf(place, only), value)) return `{${only}: ${JSON.stringify(value)}}`;
  const names = required.length > 0 ? required : fieldsOf(place).slice(0, 2);
  if (names.length > 0) return `{${names.map((name) => `${name}: …`).join(", ")}}`;
  return place.some(({ type }) => type === "object") ? "{NAME: …}" : undefined;
}

/** What is long is no example. */
const longest = 60;

function takes(place: Place, value: unknown): boolean {
  if (typeof value === "object" || (typeof value === "string" && value.length > longest)) return false;
  const types = typeof value === "number" ? ["number", "integer"] : [typeof value];
  return place.some(({ type = [] }) => [type].flat().some((one) => types.includes(one)));
}
