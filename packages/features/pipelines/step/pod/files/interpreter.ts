/** What runs a script that names nothing else. */
const shell = "/bin/sh";

/**
 * The command that runs a script which is in a file: the interpreter of its first line, with its one argument as the kernel takes it.
 * It is run by its name, and not by the kernel, so that a container runtime which doesn't find it says what it has not found.
 * `/usr/bin/env NAME` is looked up by the runtime in the image's PATH, as `env` would.
 */
export function commandFor(script: string, file: string): string[] {
  const [, line = ""] = /^#!(.*)/.exec(script) ?? [];
  const [, interpreter = shell, argument = ""] = /^[ \t]*([^ \t]+)[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
  if (interpreter === "/usr/bin/env" && /^[^-=\s]+$/.test(argument)) return [argument, file];
  return [interpreter, ...(argument === "" ? [] : [argument]), file];
}

/** Blanks that no kernel takes for any, and characters that nobody sees. */
const unseen = /[\u00A0\u00AD\u1680\u2000-\u200F\u2028\u2029\u202F\u205F\u2060\u3000\uFEFF]/;

/** What keeps a script's first line from naming its interpreter. */
export function* interpreterFaults(script: string): Generator<string> {
  const [first = ""] = script.split("\n", 1);
  const [, before] = /^([^#\n]{1,9})#!/.exec(script) ?? [];
  const [, interpreter = "", argument = ""] = /^#![ \t]*([^ \t]*)[ \t]*(.*?)[ \t\r]*$/.exec(first) ?? [];
  if (script.includes("\0")) yield "holds a NUL character (U+0000), at which interpreters end or fail: take it out";
  if (script.startsWith("\uFEFF")) yield "begins with a byte order mark, which no interpreter takes: save it as UTF-8 without";
  else if (before !== undefined && unseen.test(before))
    yield `has ${codeOf(before)}, which nobody sees, before its #!, which then names no interpreter: take it out`;
  else if (/^\s+#!/.test(script))
    yield "has a #! that is not at its very beginning, where alone it names an interpreter: take out what stands before it";
  else if (/^#![ \t]*\r?$/.test(first)) yield "has a #! that names no interpreter: write one, as in #!/bin/sh, or leave the line out";
  else if (first.startsWith("#!") && unseen.test(first))
    yield `has ${codeOf(first)} in its first line, where it becomes part of the interpreter's name: put a space in its place, or take it out`;
  else if (/^\/(?:usr\/)?bin\/env$/.test(interpreter)) yield* envFaults(argument);
  else if (/\/(?:ba|da|a|k|z)?sh$/.test(interpreter) && /\s/.test(argument)) yield shellFault(interpreter, argument);
  if (/^#!.*\r$/.test(first))
    yield "has a carriage return at the end of its first line, which becomes part of the interpreter's name: end the lines with a line feed alone";
}

/** The kernel hands env all that follows as one argument. */
function* envFaults(argument: string): Generator<string> {
  if (/^(?:-[a-zA-Z0]*S|--split-string\b)/.test(argument)) return;
  if (/\s/.test(argument))
    yield `has #!/usr/bin/env ${argument}, all of which behind env is one argument, and so no program's name: write #!/usr/bin/env -S ${argument}`;
  else if (argument === "" || argument.includes("="))
    yield "has #!/usr/bin/env without a program, which starts the script over and over: name one, as in #!/usr/bin/env python3";
}

/** It is handed all that follows as one argument, too, and knows no option with a blank in it. */
function shellFault(interpreter: string, argument: string): string {
  const said = `has #!${interpreter} ${argument}, all of which behind ${interpreter} is one argument`;
  return argument.startsWith("-")
    ? `${said}, and so no option of it: write #!${interpreter} alone, and set ${argument} as the next line`
    : `${said}, and so taken for a file's name: end the line before it; where it has an end, write script: | in place of >`;
}

function codeOf(text: string): string {
  const [character = ""] = unseen.exec(text) ?? [];
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** What a script's #! may be thought to do, and doesn't. */
export function* interpreterNotes(script: string): Generator<string> {
  const [above, , interpreter] = /^(?:[ \t]*(#(?!!).*)?\n)+#![ \t]*([^ \t\r\n]+)/.exec(script) ?? [];
  if (above === undefined || !/^[ \t]*#(?!!)/m.test(above) || interpreter === shell) return;
  yield `has a #! in its line ${above.split("\n").length}, below a comment, where it names no interpreter, so that ${shell} runs the script: put it into the first line`;
}
