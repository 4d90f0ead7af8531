import { priceBookOf, PriceBookError, type PriceBook } from "@plimsoll/model";
import { parse } from "yaml";
import { UsageError } from "../failure.ts";
import { readSource } from "../source-text.ts";

/** Reads a price book; - is standard input. Throws a UsageError for what is none. */
export async function readPrices(file: string): Promise<PriceBook> {
  const text = await readSource(file);
  const source = file === "-" ? "standard input" : file;
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    throw new UsageError(`${source}: is neither YAML nor JSON: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
  }
  try {
    return priceBookOf(data);
  } catch (error) {
    if (error instanceof PriceBookError) throw new UsageError(`${source}: ${error.message}`);
    throw error;
  }
}
