import { formatProblem, readDocuments } from "@plimsoll/api/text";
import { priceBookOf, PriceBookError, type PriceBook } from "@plimsoll/model";
import { UsageError } from "../failure.ts";
import { readSource } from "../source-text.ts";

/** Reads a price book; - is standard input. Throws a UsageError for what is none. */
export async function readPrices(file: string): Promise<PriceBook> {
  const text = await readSource(file);
  const source = file === "-" ? "standard input" : file;
  const { documents, problems } = readDocuments(text);
  const [first] = problems;
  if (first !== undefined) throw new UsageError(formatProblem(source, first));
  try {
    return priceBookOf(documents[0]?.value);
  } catch (error) {
    if (error instanceof PriceBookError) throw new UsageError(`${source}: ${error.message}`);
    throw error;
  }
}
