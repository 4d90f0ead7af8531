/** What ends a command with something other than success. Codes are documented in docs/cli.md. */
export const exitCode = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** Has the process end with a code, or with the greater one that it is to end with already. */
export function endWith(code: number): void {
  process.exitCode = Math.max(Number(process.exitCode ?? exitCode.success), code);
}

/** An error whose message is all that the user needs: printed without a stack trace. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, code: number = exitCode.failure) {
    super(message);
    this.name = "Failure";
    this.exitCode = code;
  }
}

/** The user's input was wrong: says which part and the way out. Exit code 2. */
export class UsageError extends Failure {
  constructor(message: string) {
    super(message, exitCode.usage);
    this.name = "UsageError";
  }
}
