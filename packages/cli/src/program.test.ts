import { expect, test } from "vitest";
import { program } from "./program.ts";

const helpOf = async (...words: string[]) => (await program(words)).helpInformation();
const namesOf = async (...words: string[]) => (await program(words)).commands.map((command) => command.name());

test("help that loads no command lists them as they are: names, aliases, arguments, options and descriptions", async () => {
  // Before what may be any command, all are loaded.
  const all = await helpOf("--");
  expect(all).toMatch(/^ {2}delete\|rm \[options\] <run\.\.\.> /m);
  for (const words of [[], ["--help"], ["-h"], ["help"], ["help", "help"], ["runn"], ["completion", "zsh"], ["complete", "--", "r"]])
    expect(await helpOf(...words)).toBe(all);
});

test("a command is loaded alone, by its name or alias, also for its help", async () => {
  for (const words of [["list"], ["ls", "-A"], ["help", "list"], ["help", "ls"]]) expect(await namesOf(...words)).toEqual(["list"]);
});

test("a command that may come after an option, or whose words a Tab completes, is loaded", async () => {
  for (const words of [
    ["--", "run"],
    ["help", "--", "run"],
    ["complete", "--", "run", "-"],
  ]) {
    const run = (await program(words)).commands.find((command) => command.name() === "run");
    expect(run?.options.map(({ long }) => long)).toContain("--watch");
  }
});
