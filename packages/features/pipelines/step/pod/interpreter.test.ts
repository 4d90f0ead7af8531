import { expect, test } from "vitest";
import { commandFor, interpreterFaults } from "./interpreter.ts";

test.each([
  ["echo 1", ["/bin/sh", "F"]],
  ["#!/bin/bash\necho", ["/bin/bash", "F"]],
  ["#! /bin/sh -eu -o pipefail \n", ["/bin/sh", "-eu -o pipefail", "F"]],
  ["#!/usr/bin/env python3\n", ["python3", "F"]],
  ["#!/usr/bin/env -S node --test\n", ["/usr/bin/env", "-S node --test", "F"]],
  ["#!/usr/bin/env A=1 python3\n", ["/usr/bin/env", "A=1 python3", "F"]],
  ["#!/usr/bin/perl", ["/usr/bin/perl", "F"]],
])("%j is run by %j", (script, command) => {
  expect(commandFor(script, "F")).toEqual(command);
});

test.each([
  ["\uFEFF#!/bin/sh\n", /byte order mark/],
  ["\n#!/bin/sh\n", /not at its very beginning/],
  ["  #!/bin/sh\n", /not at its very beginning/],
  ["#!\necho", /names no interpreter/],
  ["#!/bin/sh\r\necho\r\n", /carriage return/],
])("%j: %s", (script, fault) => {
  expect([...interpreterFaults(script)]).toEqual([expect.stringMatching(fault)]);
});

test.each(["echo", "#!/bin/sh -e\n", "# a comment\n#!/bin/sh", "a\r\nb"])("%j is in order", (script) => {
  expect([...interpreterFaults(script)]).toEqual([]);
});
