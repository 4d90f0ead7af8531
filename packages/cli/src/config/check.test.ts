import { configJsonSchema } from "@plimsoll/controller/config";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Failure } from "../failure.ts";
import { program } from "../program.ts";

/** Runs `plimsoll config …`; gives what it prints, and the code and message that it fails with. */
async function run(...words: string[]) {
  const [out, errors]: [string[], string[]] = [[], []];
  const spies = [
    vi.spyOn(console, "log").mockImplementation((text: string) => void out.push(text)),
    vi.spyOn(console, "error").mockImplementation((text: string) => void errors.push(text)),
  ];
  onTestFinished(() => spies.forEach((spy) => spy.mockRestore()));
  const command = await program(["config", ...words]);
  const failure = await command.parseAsync(["config", ...words], { from: "user" }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { out, errors, failure };
}

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-check-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "plimsoll.yaml");
  writeFileSync(file, text);
  return file;
}

test("of a file that is valid, one line says so; in JSON it has no problems", async () => {
  const file = fileOf("logLevel: debug\n");
  expect(await run("check", file)).toEqual({ out: [`${file}: valid`], errors: [], failure: undefined });
  expect(await run("check", file, "-o", "json")).toEqual({ out: ["[]"], errors: [], failure: undefined });
});

test("each problem is a line with file, line and key, and the code is 1", async () => {
  const file = fileOf("logLevl: debug\nfeatures:\n  pipelines: {podQPS: 0}\n");
  const failure = new Failure(`2 problems in ${file}`, 1);
  expect(await run("check", file)).toEqual({
    out: [],
    errors: [
      `${file}:1: logLevl: there is no such field; did you mean "logLevel"?`,
      `${file}:3: features.pipelines.podQPS: is 0: must be at least 1`,
    ],
    failure,
  });
  const { out, errors, failure: same } = await run("check", file, "-o", "json");
  expect([errors, same]).toEqual([[], failure]);
  expect(JSON.parse(out.join("\n"))).toEqual([
    { file, line: 1, field: "logLevl", message: 'there is no such field; did you mean "logLevel"?' },
    { file, line: 3, field: "features.pipelines.podQPS", message: "is 0: must be at least 1" },
  ]);
});

test("a file that can't be read is an error of usage", async () => {
  const { failure } = await run("check", "/nowhere.yaml");
  expect(failure).toMatchObject({ exitCode: 2, message: expect.stringMatching(/^\/nowhere\.yaml: cannot be read: ENOENT/) as string });
});

test("the schema is printed as it is published", async () => {
  const { out } = await run("schema");
  expect(JSON.parse(out.join("\n"))).toEqual(configJsonSchema());
});
