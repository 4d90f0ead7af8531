import { formatPath, type Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { mistakesIn } from "../../../plan/manifest.ts";

const told = (step: Partial<Step>): string[] =>
  mistakesIn({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "p" },
    spec: { params: [{ name: "a", default: "x" }], steps: [{ name: "s", image: "busybox", ...step }] },
  }).map(({ path, message }) => `${formatPath(path.slice(3))}: ${message}`);

test.each<[string, Partial<Step>, string]>([
  ["a NUL in a command", { command: ["a", "b\0"] }, "command[1]: holds a NUL character"],
  ["a NUL in an argument", { command: ["a"], args: ["\0"] }, "args[0]: holds a NUL character"],
  ["a NUL beside an expression", { command: ["a"], args: ["\0${{ params.a }}"] }, "args[0]: holds a NUL character"],
  ["a NUL that an expression gives", { command: ["a"], args: ['${{ "a\\u0000" }}'] }, "args[0]: holds a NUL character"],
  [
    "a NUL in a variable",
    {
      env: [
        { name: "A", value: "" },
        { name: "B", value: "\0" },
      ],
      command: ["a"],
    },
    "env[1].value: holds a NUL",
  ],
  ["a NUL in a script", { script: "echo \0" }, "script: holds a NUL character"],
  ["a NUL that an expression gives a script", { script: '${{ "\\u0000" }}' }, "script: holds a NUL character"],
  ["an empty program", { command: ["", "a"] }, "command[0]: is empty: name the program that runs"],
  ["an argument that is too long", { command: ["a"], args: ["x".repeat(131_072)] }, "args[0]: takes 131073 bytes"],
  [
    "a variable that is too long",
    { command: ["a"], env: [{ name: "AB", value: "x".repeat(131_069) }] },
    "env[0].value: takes 131073 bytes",
  ],
])("%s is told before anything runs", (_, step, message) => {
  expect(told(step)).toEqual([expect.stringContaining(message)]);
});

test("what is as long as may be, an empty argument and what only a run tells are in order", () => {
  expect(
    told({ command: ["${{ params.a }}", ""], args: ["x".repeat(131_071)], env: [{ name: "AB", value: "x".repeat(131_068) }] }),
  ).toEqual([]);
});
