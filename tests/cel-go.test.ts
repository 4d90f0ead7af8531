import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { valueOf } from "../packages/features/pipelines/testing/value-of.ts";
import { params, shared } from "./cel-go/cases.ts";

const run = promisify(execFile);
const source = fileURLToPath(new URL("cel-go", import.meta.url));

/** What the real cel-go says of each expression; no value where it refuses it or fails. */
let answers: { value?: unknown; error?: string }[];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plimsoll-cel-go-"));
  const program = join(folder, "cel-go");
  await run("go", ["-C", source, "build", "-o", program, "."], { env: { ...process.env, GOTOOLCHAIN: "auto" } });
  const asking = run(program);
  asking.child.stdin?.end(`${shared.map((expression) => JSON.stringify(expression)).join("\n")}\n`);
  answers = (await asking).stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as (typeof answers)[number]);
}, 600_000);
afterAll(() => rm(folder, { recursive: true }));

test.each(shared.map((expression, index) => ({ expression, index })))("$expression is what cel-go says", ({ expression, index }) => {
  const answer = answers[index];
  if (answer?.error === undefined) expect(valueOf(expression, params)).toEqual(answer?.value);
  else expect(() => valueOf(expression, params)).toThrow(expression.slice(0, 20));
});
