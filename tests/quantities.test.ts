import { milliOf, parseQuantity, requestsOf, valueOf, type Amounts } from "@plimsoll/model";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "../bench/random.ts";
import { randomPod, randomQuantity } from "./quantities/random-pods.ts";

// Every run tries others; a failure names the seed, which SEED= brings back.
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const folder = mkdtempSync(join(tmpdir(), "plimsoll-oracle-"));
const oracle = join(folder, "oracle");

beforeAll(() => {
  execFileSync("go", ["build", "-o", oracle, "."], { cwd: fileURLToPath(new URL("quantities/oracle", import.meta.url)), stdio: "pipe" });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  quantities: { nano?: string; milli: number; value: number }[];
  pods: Amounts[];
}

/** What Kubernetes' own code says. */
function ask(asked: { quantities?: readonly string[]; pods?: readonly object[] }): Answer {
  const input = JSON.stringify({ quantities: [], pods: [], ...asked });
  // JSON's numbers are too small for some.
  const text = execFileSync(oracle, { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  return JSON.parse(text) as Answer;
}

const withoutZeros = (list: Amounts): Amounts => Object.fromEntries(Object.entries(list).filter(([, amount]) => amount !== 0));

test("2,000 random texts are the quantities, or none, that they are to Kubernetes", () => {
  const random = new Random(seed);
  const quantities = Array.from({ length: 2_000 }, () => randomQuantity(random));
  const answers = ask({ quantities }).quantities;
  const differences = quantities.flatMap((text, index) => {
    const { nano, milli = 0, value = 0 } = answers[index] ?? {};
    const ours = parseQuantity(text);
    if (nano === undefined || ours === undefined) return nano === ours?.toString() ? [] : [`${text}: ${nano}, not ${ours}`];
    const counts = [
      [milliOf(text), milli],
      [valueOf(text), value],
    ] as const;
    // Past 2^63 Go's numbers begin anew, and those below zero, of which there are none in pods, are rounded now up, now down.
    const isSame =
      ours.toString() === nano && (ours < 0n || counts.every(([ours, theirs]) => ours > Number.MAX_SAFE_INTEGER || ours === theirs));
    return isSame ? [] : [`${text}: ${nano} ${milli} ${value}, not ${ours} ${counts.map(([ours]) => ours).join(" ")}`];
  });
  expect(differences, `seed ${seed}`).toEqual([]);
  expect(answers.filter(({ nano }) => nano === undefined).length).toBeGreaterThan(10);
});

test("2,000 random pods take the room that they take to the scheduler", () => {
  const random = new Random(seed);
  const pods = Array.from({ length: 2_000 }, () => randomPod(random));
  const answers = ask({ pods }).pods;
  for (const [index, pod] of pods.entries())
    expect(withoutZeros(requestsOf(pod)), `seed ${seed}: ${JSON.stringify(pod)}`).toEqual(withoutZeros(answers[index] ?? {}));
});
