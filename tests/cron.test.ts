import { parseCron, robfigNext, timingOf, zoneOf } from "@plimsoll/features/schedules";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expressions, nights, ordinary } from "./cron-go/cases.ts";

const run = promisify(execFile);
const source = fileURLToPath(new URL("cron-go", import.meta.url));
const day = 86_400;

interface Question {
  cron: string;
  zone: string;
  from: number;
  until: number;
}

const around: Question[] = nights.flatMap(({ zone, day: date }) => {
  const noon = Date.parse(`${date}T12:00:00Z`) / 1000;
  return expressions.map((cron) => ({ cron, zone, from: noon - 4 * day, until: noon + 4 * day }));
});
const from = Date.parse("2026-01-01T00:00:00Z") / 1000;
const overYears: Question[] = ordinary.map((cron) => ({ cron, zone: "UTC", from, until: from + 4 * 366 * day }));
const questions = [...around, ...overYears];

let folder: string;
let answers: { error: string; times: number[] }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plimsoll-cron-"));
  const program = join(folder, "cron-go");
  await run("go", ["-C", source, "build", "-o", program, "."], { env: { ...process.env, GOTOOLCHAIN: "auto" } });
  const asking = run(program, { maxBuffer: 1 << 28 });
  asking.child.stdin?.end(JSON.stringify(questions));
  answers = JSON.parse((await asking).stdout) as typeof answers;
}, 600_000);
afterAll(() => rm(folder, { recursive: true }));

/** What a function that gives the next time makes of a question; seconds since 1970. */
function timesOf({ from, until }: Question, next: (after: number) => number | undefined): number[] {
  const times: number[] = [];
  for (let at = next(from * 1000); at !== undefined && at / 1000 <= until; at = next(at)) times.push(at / 1000);
  return times;
}

function ours({ cron, zone }: Question, more: object = {}): (after: number) => number | undefined {
  const result = timingOf({ cron: [cron], timeZone: zone, ...more });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.timing.next;
}

test("what is taken for robfig's next time, robfig/cron v3.0.1 says too, in each zone, on each night", () => {
  for (const [index, question] of questions.entries()) {
    const cron = parseCron(question.cron);
    if ("every" in cron) throw new Error("no fields");
    expect({ ...question, times: timesOf(question, (after) => robfigNext(cron, zoneOf(question.zone), after)) }).toEqual({
      ...question,
      times: answers[index]?.times,
    });
  }
  expect(answers.filter(({ error }) => error !== "")).toEqual([]);
});

test("on days on which no clock changes, schedules run when robfig/cron v3.0.1 does", () => {
  for (const [index, question] of questions.entries()) {
    if (!["UTC", "Asia/Kolkata"].includes(question.zone)) continue;
    expect({ ...question, times: timesOf(question, ours(question)) }).toEqual({ ...question, times: answers[index]?.times });
  }
});

test("going back from the end, the same times come as going on from the beginning", () => {
  for (const question of questions) {
    const result = timingOf({ cron: [question.cron], timeZone: question.zone });
    if ("problems" in result) throw new Error("it is sound");
    const { next, previous } = result.timing;
    const back: number[] = [];
    for (let at = previous(question.until * 1000 + 1); at !== undefined && at / 1000 > question.from; at = previous(at))
      back.unshift(at / 1000);
    expect({ ...question, times: back }).toEqual({ ...question, times: timesOf(question, next) });
  }
});
