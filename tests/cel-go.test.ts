import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { valueOf } from "../packages/features/pipelines/testing/value-of.ts";
import { params, shared } from "./cel-go/cases/index.ts";

const run = promisify(execFile);
const source = fileURLToPath(new URL("cel-go", import.meta.url));

interface Answer {
  value?: unknown;
  error?: string;
}

/** What the real cel-go says of each expression; no value where it refuses it or fails. */
const answers = new Map<string, Answer>();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plimsoll-cel-go-"));
  const program = join(folder, "cel-go");
  await run("go", ["-C", source, "build", "-o", program, "."], { env: { ...process.env, GOTOOLCHAIN: "auto" } });
  const expressions = Object.values(shared).flat();
  const asking = run(program, { maxBuffer: 2 ** 26 });
  asking.child.stdin?.end(`${expressions.map((expression) => JSON.stringify(expression)).join("\n")}\n`);
  const lines = (await asking).stdout.trimEnd().split("\n");
  for (const [index, expression] of expressions.entries()) answers.set(expression, JSON.parse(lines[index] ?? "") as Answer);
}, 600_000);
afterAll(() => rm(folder, { recursive: true }));

test.each(Object.entries(shared))("of %s we say what cel-go says", (_kind, expressions) => {
  const said = expressions.map((expression) => ({ expression, ...ours(expression) }));
  expect(said).toEqual(expressions.map((expression) => ({ expression, ...theirs(expression) })));
});

// An error is told in other words.
function theirs(expression: string): Answer {
  const answer = answers.get(expression);
  return answer?.error === undefined ? { ...answer } : { error: "an error" };
}

function ours(expression: string): Answer {
  try {
    return { value: valueOf(expression, params) };
  } catch {
    return { error: "an error" };
  }
}
