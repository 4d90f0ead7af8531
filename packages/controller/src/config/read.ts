import { decodeText, formatProblem, problemsIn, readDocuments, valueAt, withLines, type Problem } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube";
import { readFile } from "node:fs/promises";
import type * as z from "zod";
import { schema } from "./features.ts";
import type { Config } from "./schema.ts";

/** What is wrong with a configuration file. Its message has a line for each problem, as in `plimsoll.yaml:3: features.pipelines.podQPS: …`. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(origin: string, problems: readonly Problem[]) {
    super(problems.map((problem) => formatProblem(origin, problem)).join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** How many mistakes of syntax are told: most are consequences of the first. */
const most = 10;

/** The configuration in a text, in YAML or JSON, which came from `origin`. Throws a ConfigError with its problems, each with its line. */
export function readConfig(text: string, origin: string): Config {
  return readAs(schema, text, origin);
}

/** What a text says that a schema is for. */
export function readAs<S extends z.ZodType>(schema: S, text: string, origin: string): z.output<S> {
  return schema.parse(readGiven(schema, text, origin)) as z.output<S>;
}

/**
 * The same, but without what the schema adds. Throws a ConfigError with the problems that it finds, but for `tolerated` ones.
 */
export function readGiven(schema: z.ZodType, text: string, origin: string, tolerated: (value: unknown) => boolean = () => false): object {
  const { documents, problems } = readDocuments(text);
  const [document, second] = documents;
  problems.push(...(document?.ambiguities ?? []));
  if (second) problems.push({ path: [], message: "a second document begins here: keep one of them", line: second.lineOf([]) });
  if (problems.length > 0) throw new ConfigError(origin, problems.slice(0, most).map(shortened));
  const { value = {}, lineOf = () => 1 } = document ?? {};
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ConfigError(origin, [{ path: [], message: "is no map of keys, as in `logLevel: info`", line: lineOf([]) }]);
  const found = problemsIn(schema, value).filter(({ path }) => !tolerated(valueAt(value, path)));
  if (found.length > 0) throw new ConfigError(origin, withLines(found.map(named), lineOf));
  return value;
}

/** The configuration in a file; the defaults without one. Throws a ConfigError as `readConfig` does, and where the file can't be read. */
export async function loadConfig(file: string | undefined): Promise<Config> {
  if (file === undefined) return schema.parse({});
  return readConfig(await textOf(file), file);
}

/** The text of a configuration file. Throws a ConfigError where it can't be read. */
export async function textOf(file: string): Promise<string> {
  try {
    return decodeText(await readFile(file));
  } catch (error) {
    throw new ConfigError(file, [{ path: [], message: `cannot be read: ${messageOf(error)}` }]);
  }
}

/** What stands under `features` is called by what it is. */
function named({ path, message, ...rest }: Problem): Problem {
  const isFeature = path.length === 2 && path[0] === "features";
  return { ...rest, path, message: isFeature ? message.replace(/^there is no such field/, "there is no such feature") : message };
}

/** What the parser didn't expect is left out, as it may be any part of the file. */
function shortened({ message, line = 1, ...rest }: Problem): Problem {
  return { ...rest, line, message: message.replace(/(?<= in YAML stream): .*/s, "") };
}
