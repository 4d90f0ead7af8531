// Runs a program of this repository under the pinned Node, installing npm's dependencies first where they are lacking.
// Plain JavaScript without dependencies: it has to run on a fresh clone under any Node from 20 on.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, "node_modules/.package-lock.json");
const stale = !existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs;

if (stale) {
  console.error("Installing the npm dependencies…");
  const npm = spawnSync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (npm.status !== 0) {
    console.error("npm ci failed: see its message above; the npm registry must be reachable.");
    process.exit(1);
  }
}

const [program, ...rest] = process.argv.slice(2);
const child = spawn(join(root, "node_modules/node/bin/node"), [join(root, program), ...rest], { stdio: "inherit" });
// A terminal sends Ctrl-C to the whole process group: the child ends in its own way, and this process waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal)));
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
