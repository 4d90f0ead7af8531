import * as z from "zod";
import type { Path } from "../problems/path.ts";
import type { Problem } from "../problems/problem.ts";
import { withProblems } from "../problems/with-problems.ts";
import { reserved } from "./reserved.ts";

const word = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const domain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** What is wrong with a label or an annotation that a user gives to a pod; a null takes one away. */
export function* labelProblems(key: string, value: unknown, kind: "label" | "annotation", path: Path): Generator<Problem> {
  if (key.startsWith(reserved.domain))
    yield { path, message: `what begins with ${reserved.domain} is Plimsoll's: give the ${kind} another name` };
  const [prefix, name] = key.includes("/") ? [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)] : [undefined, key];
  if (!word.test(name) || name.length > 63 || (prefix !== undefined && (!domain.test(prefix) || prefix.length > 253)))
    yield {
      path,
      message: `is not the name of ${kind === "label" ? "a label" : "an annotation"}: write it as in team or example.com/team`,
    };
  if (value !== null && typeof value !== "string") yield { path, message: "must be a string: put it in quotes" };
  if (kind === "label" && typeof value === "string" && value !== "" && (!word.test(value) || value.length > 63))
    yield {
      path,
      message: `is ${JSON.stringify(value.slice(0, 70))}: must be at most 63 letters, digits, dashes, dots and underscores, and begin and end with a letter or a digit`,
    };
}

const map = (kind: "label" | "annotation") =>
  withProblems(z.record(z.string(), z.string()), function* (entries) {
    for (const [key, value] of Object.entries(entries)) yield* labelProblems(key, value, kind, [key]);
  });

export const labels = map("label").describe("Labels of the pods, beside those of the run, which they replace, and Plimsoll's own.");
export const annotations = map("annotation").describe(
  "Annotations of the pods, beside those of the run, which they replace, and Plimsoll's own.",
);
