// Runs every check of the project, goes on after a failure, and counts them with the tests in one closing line.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { styleText } from "node:util";

const checks: [name: string, command: string, ...args: string[]][] = [
  ["types", "npx", "tsc", "-b"],
  ["format", "npx", "prettier", "--check", "."],
  ["lint", "npx", "oxlint", "--deny-warnings"],
  ["layout", "npx", "depcruise", "packages", "scripts", "tests", "bench", "site"],
  ["dead code", "npx", "knip"],
  ["workflows", "go", "-C", "scripts/actionlint", "tool", "actionlint"],
  ["documentation", "npm", "run", "--silent", "docs"],
  ["generated files are fresh", "npm", "run", "--silent", "generate", "--", "--check"],
];

let passed = 0;
let failed = 0;

function check(name: string, command: string, ...args: string[]): void {
  const started = Date.now();
  console.log(styleText("bold", `== ${name}: ${command} ${args.join(" ")}`));
  const ok = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] }).status === 0;
  if (ok) passed += 1;
  else failed += 1;
  console.log(`== ${name}: ${ok ? "passed" : "FAILED"} in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

/** How long a file's tests ran, in seconds. */
function took(file: { startTime: number; endTime: number }): number {
  return (file.endTime - file.startTime) / 1000;
}

for (const [name, command, ...args] of checks) check(name, command, ...args);

const folder = mkdtempSync(join(tmpdir(), "plimsoll-ci-"));
const report = join(folder, "tests.json");
check("tests", "npm", "test", "--", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`);
try {
  const counts = JSON.parse(readFileSync(report, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
    testResults: { name: string; startTime: number; endTime: number }[];
  };
  passed += counts.numPassedTests;
  // A skipped test is a test that nobody sees: it counts as failed.
  failed += counts.numFailedTests + counts.numPendingTests + counts.numTodoTests;
  console.log("The files that took longest:");
  const slowest = counts.testResults.toSorted((one, other) => took(other) - took(one)).slice(0, 25);
  for (const file of slowest) console.log(`  ${took(file).toFixed(0).padStart(5)} s  ${relative(process.cwd(), file.name)}`);
} catch (error) {
  console.error(`The tests left no report: ${String(error)}`);
  failed += 1;
}
rmSync(folder, { recursive: true });

check("the main job", "npm", "start", "--", "--exit");

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
