import { expect, test } from "vitest";
import { tomlString } from "./toml.ts";

test("what would end a TOML string, or may not be in one, is escaped", () => {
  expect(tomlString(`a'b "c" \\d\n\u007f ü`)).toBe(String.raw`"a'b \"c\" \\d\n\u007f ü"`);
});
