import { expect, test } from "vitest";
import { bigDataKinds, countedOf } from "./big-data.ts";
import { config } from "./config.ts";

test("the kinds of Ocean for Spark are counted where the configuration wants them, each once", () => {
  expect(countedOf(config.parse({}))).toEqual([]);
  expect(countedOf(config.parse({ bigData: true }))).toEqual(bigDataKinds);
  const own = { group: "bigdata.spot.io", version: "v2", resource: "bigdataenvironments" };
  const counted = countedOf(config.parse({ bigData: true, customResources: [own] }));
  expect(counted).toHaveLength(4);
  expect(counted[0]).toEqual(own);
});
