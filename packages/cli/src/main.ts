import { program } from "./program.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone, as in `plimsoll list | head -1`; what was found by then still counts.
  if (error.code === "EPIPE") process.exit();
  console.error(`error: cannot write the output: ${error.message}`);
  process.exit(1);
});

// Not awaited here: the single executable is a CommonJS module, which can't.
void main();

async function main(): Promise<void> {
  try {
    const command = await program(process.argv.slice(2));
    // One command alone has nothing to complete.
    if (command.commands.length > 1) await (await import("./completion.ts")).complete(command, process.argv);
    await command.parseAsync();
  } catch (error) {
    process.exitCode = await (await import("./report.ts")).reportFailure(error);
  }
}
