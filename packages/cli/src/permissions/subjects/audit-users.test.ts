import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { usersIn } from "./audit-users.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-users-"));
afterAll(() => rmSync(folder, { recursive: true }));
const line = (user: string) => `{"kind":"Event","user":{"username":"${user}","groups":[]}}\n`;
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

test("users come most events first, out of plain and packed logs alike, whatever these are called", async () => {
  expect(
    await usersIn([file("packed.log", gzipSync(line("ada"))), file("plain.gz", line("bob") + line("bob")), file("short", "{")]),
  ).toEqual(["bob", "ada"]);
});

test("standard input and pipes, which have been read already, are not waited for", async () => {
  const pipe = join(folder, "pipe");
  execFileSync("sh", ["-c", `mkfifo "$0"`, pipe]);
  expect(await usersIn(["-", pipe])).toEqual([]);
});
