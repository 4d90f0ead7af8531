// Imported into a process that is measured: as it ends it tells its peak resident memory, in bytes, on file descriptor 3.
// Plain JavaScript, so that it doesn't bring with it what strips types.
import { writeSync } from "node:fs";

process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS * 1024)));
