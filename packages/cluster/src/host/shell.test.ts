import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "./shell.ts";

test.each(["/root/.local/state", "/home/o'brien", 'a "b" $HOME `id` \\ ~ * ü\n;', "~", ""])("a shell reads %j as that one word", (text) => {
  expect(execFileSync("sh", ["-c", `printf %s/ ${shellWord(text)}`], { encoding: "utf8" })).toBe(`${text}/`);
});

test("a path with nothing in it that a shell knows stays as it is", () => {
  expect(shellWord("/root/.local/state/plimsoll")).toBe("/root/.local/state/plimsoll");
});
