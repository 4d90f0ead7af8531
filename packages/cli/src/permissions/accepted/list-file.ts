import { formatProblem, problemsIn, readDocuments, withLines, type TextDocument } from "@plimsoll/api/text";
import type * as z from "zod";
import { UsageError } from "../../failure.ts";
import { readSource } from "../../source-text.ts";

/**
 * Reads a file that is one YAML list, `what` it is, by the schema; gives the lines of its parts, too, and undefined where it is empty. Throws a
 * UsageError that names each mistake.
 */
export async function readList<T>(
  file: string,
  schema: z.ZodType<T[]>,
  what: string,
): Promise<{ list: T[]; lineOf: TextDocument["lineOf"] } | undefined> {
  const { documents, problems } = readDocuments(await readSource(file));
  const [first] = problems;
  if (first !== undefined) throw new UsageError(formatProblem(file, first));
  const [document, another] = documents;
  if (another !== undefined) throw new UsageError(`${file}: has several documents: ${what} is one list`);
  if (document === undefined) return undefined;
  const wrong = withLines(problemsIn(schema, document.value), document.lineOf);
  if (wrong.length > 0) throw new UsageError(wrong.map((problem) => formatProblem(file, problem)).join("\n       "));
  return { list: schema.parse(document.value), lineOf: document.lineOf };
}
