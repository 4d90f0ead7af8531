import { messageOf } from "@plimsoll/kube";
import { loadUpdaterConfig } from "./config.ts";
import { parseOptions, usage } from "./options.ts";
import { run } from "./program.ts";

/** What is wrong before the work begins is the user's to mend; it doesn't come right by itself. */
let began = false;
try {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(usage);
  else {
    const config = await loadUpdaterConfig(options.config);
    began = true;
    const { again } = await run(options, config);
    if (again) process.exitCode = 1;
  }
} catch (error) {
  for (const line of messageOf(error).split("\n")) process.stderr.write(`plimsoll-updater: ${line}\n`);
  process.exitCode = began ? 1 : 2;
}
