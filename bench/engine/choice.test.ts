import { expect, test } from "vitest";
import { choiceOf } from "./choice.ts";

test("where nothing is said, all loads are measured once in both modes on both builds", () => {
  expect(choiceOf({})).toMatchObject({ modes: ["defaults", "raised"], builds: ["baseline", "new"], times: 1 });
  expect(choiceOf({}).loads).toContain("chains-1000");
});

test("what is asked for is done in the order that all has", () => {
  const choice = choiceOf({ loads: "dag-300,chains-60", modes: "raised", only: "new", times: "3" });
  expect(choice).toEqual({ loads: ["chains-60", "dag-300"], modes: ["raised"], builds: ["new"], times: 3, base: "4b22636" });
});

test.each([{ loads: "chains" }, { modes: "fast" }, { only: "old" }, { times: "0" }])("%o is refused", (flags) => {
  expect(() => choiceOf(flags)).toThrow(/^--(loads|modes|only|times): .*"(chains|fast|old|0)"/);
});
