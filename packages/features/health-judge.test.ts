import { expect, test } from "vitest";
import { judgeBy } from "./health-judge.ts";
import { parseValue } from "./pipelines/language/value.ts";

test("an expression on an object may name CEL's types, and no other variable", () => {
  const judge = judgeBy({ healthy: "type(object.status.replicas) == int" }, parseValue);
  expect(judge({ status: { replicas: 1 } })).toMatchObject({ state: "Healthy" });
  expect(judge({ status: { replicas: "1" } })).toMatchObject({ state: "Progressing" });
  expect(() => judgeBy({ healthy: "status.ready" }, parseValue)).toThrow('healthy: there is no "status"');
});
