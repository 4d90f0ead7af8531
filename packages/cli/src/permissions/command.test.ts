import { expect, test } from "vitest";
import { permissionsCommand } from "./command.ts";

test("help that loads no command lists them as they are", async () => {
  const commands = async (...words: string[]) =>
    /\nCommands:\n([^]*?)\n\n|$/.exec((await permissionsCommand(words)).helpInformation() + "\n\n")?.[1];
  // Before what may be any command, all are loaded.
  const all = await commands("--");
  expect(all).toContain("who-can [options] <verb> <resource|path> [name]");
  for (const words of [[], ["--help"], ["help"], ["who"]]) expect(await commands(...words)).toBe(all);
});
