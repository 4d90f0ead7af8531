#!/usr/bin/env node
import { program } from "./program.ts";
import { complete } from "./completion.ts";
import { reportFailure } from "./report.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone, as in `plimsoll list | head -1`.
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  const command = program();
  await complete(command, process.argv);
  await command.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
