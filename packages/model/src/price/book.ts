import * as z from "zod";

/** What a price book says it is. */
export const priceBookVersion = "plimsoll.dev/prices/v1";

const priceRule = "must be a number from 0 to 1000000, the price of an hour, as in 0.096";
const price = z.number(priceRule).min(0, priceRule).max(1_000_000, priceRule);
const factorRule = "must be a number from 0 to 1, the part of the price that is paid, as in 0.35";
const factor = z.number(factorRule).min(0, factorRule).max(1, factorRule).exactOptional();
const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], "must be a name, or a list of names").exactOptional();

/** Which nodes something is for: all that have every one of these. */
const where = {
  region: oneOrMore,
  zone: oneOrMore,
  labels: z.record(z.string(), z.string()).exactOptional(),
};

const entry = z
  .strictObject({
    ...where,
    instances: z.record(z.string(), price).exactOptional(),
    perHour: price.exactOptional(),
    spot: factor,
  })
  .superRefine(({ instances, perHour }, { addIssue }) => {
    if ((instances === undefined) === (perHour === undefined))
      addIssue({ code: "custom", message: "give either instances, with a price for each type, or perHour" });
  });

const gpu = z.strictObject({ ...where, perHour: price, spot: factor });

const resources = z.strictObject({ cpu: price, memory: price, gpu: price.default(0) });

const fields = {
  version: z.literal(priceBookVersion, `must be ${priceBookVersion}`),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be three capital letters, as in USD")
    .default("USD"),
  weights: z
    .strictObject({ cpu: price, memory: price, gpu: price })
    .refine(({ cpu, memory }) => cpu + memory > 0, "cpu and memory can't both be 0: nothing would be paid for")
    // What a core and a GiB of Google's N1 cost, one to the other, and a GPU as thirty cores.
    .default({ cpu: 1, memory: 0.134, gpu: 30 }),
  spot: factor,
  prices: z.array(entry).default([]),
  gpus: z.array(gpu).default([]),
  fallback: resources.exactOptional(),
};

/** What the YAML or JSON of a price book says (docs/cost.md); each issue says what its field must be. */
export const priceBook = z.strictObject(fields, {
  error: ({ code, path = [] }) =>
    code === "invalid_type" && path.length === 0 ? `must be a map that begins with version: ${priceBookVersion}` : undefined,
});

/** What nodes cost, as its file says it. Prices are for an hour, in units of the currency. */
export type PriceBook = z.output<typeof priceBook>;

/** Which nodes an entry is for. */
export type Where = Pick<PriceBook["prices"][number], "region" | "zone" | "labels">;
