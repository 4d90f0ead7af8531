import { readSparkSpec, type SparkApplicationSpec } from "@plimsoll/api";
import { digestOf, type Attempt } from "../attempt.ts";
import { madeFrom, type Made } from "../objects/made.ts";

/** A spec as a user writes it, with changes. */
export function someSpec(change: Record<string, unknown> = {}, driver: object = {}, executor: object = {}): Record<string, unknown> {
  return {
    type: "Python",
    sparkVersion: "4.3.0",
    image: "spark:4.3.0",
    mainApplicationFile: "local:///opt/app/main.py",
    driver: { ...driver },
    executor: { ...executor },
    ...change,
  };
}

/** The same, read. */
export function readSpec(spec: unknown): SparkApplicationSpec {
  const read = readSparkSpec(spec);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.spec;
}

export const some = { namespace: "team", name: "pi", uid: "0c0ffee0-1111-2222-3333-444444444444" };

/** What the objects of a first attempt are made from. */
export function someMade(change: Record<string, unknown> = {}, driver: object = {}, executor: object = {}): Made {
  const spec = readSpec(someSpec(change, driver, executor));
  const attempt: Attempt = { generation: 1, number: 1, digest: digestOf(spec) };
  return madeFrom({ ...some, labels: { team: "a" } }, spec, attempt, "spark");
}
