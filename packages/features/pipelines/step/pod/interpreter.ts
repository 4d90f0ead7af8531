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

/** What keeps a script's first line from naming its interpreter. */
export function* interpreterFaults(script: string): Generator<string> {
  const [first = ""] = script.split("\n", 1);
  if (script.startsWith("\uFEFF")) yield "begins with a byte order mark, which no interpreter takes: save it as UTF-8 without";
  else if (/^\s+#!/.test(script))
    yield "has a #! that is not at its very beginning, where alone it names an interpreter: take out what stands before it";
  else if (/^#![ \t]*\r?$/.test(first)) yield "has a #! that names no interpreter: write one, as in #!/bin/sh, or leave the line out";
  if (/^#!.*\r$/.test(first))
    yield "has a carriage return at the end of its first line, which becomes part of the interpreter's name: end the lines with a line feed alone";
}
