import { expect, test } from "vitest";
import { permissionsCommand } from "./command.ts";

test("help that loads no command lists them as they are", async () => {
  const commands = async (...words: string[]) =>
    /\nCommands:\n([^]*?)\n\n|$/.exec((await permissionsCommand(words)).helpInformation() + "\n\n")?.[1];
  const all = await commands("help");
  expect(all).toContain("who-can [options] <verb> <resource|path> [name]");
  expect(await commands("--help")).toBe(all);
  expect(await commands()).toBe(all);
});
