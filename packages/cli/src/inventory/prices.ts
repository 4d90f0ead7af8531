import { formatProblem, readBy, readDocuments, withLines } from "@plimsoll/api/text";
import { priceBook, type PriceBook } from "@plimsoll/model";
import { UsageError } from "../failure.ts";
import { readSource } from "../source-text.ts";

/** Reads a price book; - is standard input. Throws a UsageError for what is none, with a line for each problem. */
export async function readPrices(file: string): Promise<PriceBook> {
  const source = file === "-" ? "standard input" : file;
  const { documents, problems } = readDocuments(await readSource(file));
  const [document, second] = documents;
  problems.push(...(document?.ambiguities ?? []));
  if (second !== undefined)
    problems.push({ path: [], message: "a second document begins here: keep one of them", line: second.lineOf([]) });
  const failure = (some: typeof problems): UsageError => new UsageError(some.map((problem) => formatProblem(source, problem)).join("\n"));
  if (problems.length > 0) throw failure(problems);
  const read = readBy(priceBook, document?.value ?? null);
  if ("value" in read) return read.value;
  throw failure(withLines(read.problems, document?.lineOf ?? (() => 1)));
}
