import { createInterface } from "node:readline/promises";
import { Failure, UsageError } from "../failure.ts";

/** Throws a UsageError where nobody can be asked, and nothing is to go on without. */
export function checkAskable({ yes = false }: { yes?: boolean }): void {
  if (!yes && !(process.stdin.isTTY && process.stderr.isTTY))
    throw new UsageError("there is no terminal to ask on: give --yes to go ahead, or --dry-run to see what would be done");
}

/** Asks on the terminal whether to go ahead; fails where the answer isn't yes. */
export async function confirm(question: string, { yes = false }: { yes?: boolean }): Promise<void> {
  if (yes) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Failure("nothing was changed");
  } finally {
    terminal.close();
  }
}
