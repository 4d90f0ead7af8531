import { readAs } from "../../config/read.ts";
import { valuesSchema, type Values } from "./values.ts";

/** The values in a text, in YAML or JSON, which came from `origin`. Throws a ConfigError with its problems, each with its line. */
export function readValues(text: string, origin: string): Values {
  return readAs(valuesSchema, text, origin);
}
