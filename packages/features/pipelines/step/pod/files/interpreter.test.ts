import { expect, test } from "vitest";
import { commandFor, interpreterFaults, interpreterNotes } from "./interpreter.ts";

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
  ["\u200B#!/bin/sh\n", /^has U\+200B, which nobody sees, before its #!/],
  ["\u00A0#!/bin/sh\n", /^has U\+00A0, which nobody sees, before its #!/],
  ["#!/bin/bash\u00A0-e\n", /^has U\+00A0 in its first line/],
  ["#!/usr/bin/env python3 -u\n", /no program's name: write #!\/usr\/bin\/env -S python3 -u$/],
  ["#! /bin/env -i python3\n", /write #!\/usr\/bin\/env -S -i python3$/],
  ["#!/usr/bin/env A=1 python3\n", /write #!\/usr\/bin\/env -S A=1 python3$/],
  ["#!/usr/bin/env\n", /without a program, which starts the script over and over/],
  ["#!/usr/bin/env A=1\n", /without a program/],
  ["#!/bin/bash -euo pipefail\n", /no option of it: write #!\/bin\/bash alone, and set -euo pipefail as the next line$/],
  ["#!/bin/sh echo a echo b", /taken for a file's name: .* write script: \| in place of >$/],
  ["echo \0\n", /^holds a NUL character/],
])("%j: %s", (script, fault) => {
  expect([...interpreterFaults(script)]).toEqual([expect.stringMatching(fault)]);
});

test.each([
  "echo",
  "#!/bin/sh -e\n",
  "# a comment\n#!/bin/sh",
  "a\r\nb",
  "#!/usr/bin/env -S python3 -u\n",
  "#!/usr/bin/perl -w -T\n",
  "#!/usr/bin/env -vS A=1 node\n",
])("%j is in order", (script) => {
  expect([...interpreterFaults(script)]).toEqual([]);
});

test("a #! below a comment is told, as it names no interpreter, but where it is the one that runs it", () => {
  expect([...interpreterNotes("# Copyright\n\n#!/usr/bin/env python3\n")]).toEqual([
    "has a #! in its line 3, below a comment, where it names no interpreter, so that /bin/sh runs the script: put it into the first line",
  ]);
  const others = ["# a\n#!/bin/sh -e\n", "#!/bin/bash\n#!/bin/sh\n", "# a\necho\n#!/bin/bash\n", "\n#!/bin/bash\n"];
  expect(others.flatMap((script) => [...interpreterNotes(script)])).toEqual([]);
});
