import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../bin/plimsoll-controller.mjs", import.meta.url));

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

function run(env: Record<string, string>, ...flags: string[]): Promise<Result> {
  const { promise, resolve } = Promise.withResolvers<Result>();
  execFile(process.execPath, [...flags, program, "--help"], { env }, (error, stdout, stderr) =>
    resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
  );
  return promise;
}

test("what was compiled is kept in the cache for the next start", async () => {
  const cache = mkdtempSync(join(tmpdir(), "plimsoll-launch-"));
  expect(await run({ PLIMSOLL_CACHE: cache })).toMatchObject({ code: 0, stderr: "" });
  expect(readdirSync(join(cache, "node"))).toHaveLength(1);
});

test("a home directory that isn't there is not made", async () => {
  const home = join(mkdtempSync(join(tmpdir(), "plimsoll-launch-")), "nowhere");
  expect(await run({ HOME: home })).toMatchObject({ code: 0, stderr: "" });
  expect(existsSync(home)).toBe(false);
});

test.each<[string, Record<string, string>]>([
  ["without a home directory", {}],
  ["with a cache that is no folder", { PLIMSOLL_CACHE: "/dev/null" }],
])("a program starts %s", async (_, env) => {
  expect(await run(env)).toMatchObject({ code: 0, stdout: expect.stringContaining("--kubeconfig") as string, stderr: "" });
});

test("an old Node is told so, in one line", async () => {
  const old = 'Object.defineProperty(process, "versions", { value: { node: "20.20.2" } })';
  const { code, stdout, stderr } = await run({}, "--import", `data:text/javascript,${old}`);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^error: Plimsoll needs Node 24 or newer, and .+\n$/);
});
