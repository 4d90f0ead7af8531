import { formatProblem, readDocuments } from "@plimsoll/api";
import { PriceBookError, priceBookOf, priceBookVersion, type PriceBook } from "@plimsoll/model";
import { UsageError } from "../failure.ts";
import { readSource } from "../manifest.ts";

/** The price book in a file. Throws a UsageError that names the field that is wrong. */
export async function readPrices(file: string): Promise<PriceBook> {
  const { documents, problems } = readDocuments(await readSource(file));
  const [problem] = problems;
  if (problem !== undefined) throw new UsageError(formatProblem(file, problem));
  const [document] = documents;
  if (document === undefined || documents.length > 1)
    throw new UsageError(`${file}: holds ${documents.length} documents: give one price book`);
  try {
    return priceBookOf(document.value);
  } catch (error) {
    if (error instanceof PriceBookError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

/** Where no book is given: cores and memory as OpenCost takes them where it knows no price, in USD (its configs/default.json). */
export const assumed: PriceBook = priceBookOf({
  version: priceBookVersion,
  fallback: { cpu: 0.031611, memory: 0.004237, gpu: 0.95 },
  weights: { cpu: 0.031611, memory: 0.004237, gpu: 0.95 },
});
