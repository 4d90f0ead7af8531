import { exitCode, Failure } from "./failure.ts";
import { paintFor } from "./output/paint.ts";

/** Says on stderr why a command failed, in a line where the user or the cluster is the cause; returns the exit code. */
export async function reportFailure(error: unknown): Promise<number> {
  if (error instanceof Error && isUsage(error)) return error.exitCode;
  const say = (message: string): void => console.error(`${paintFor(process.stderr)("red", "error:")} ${message}`);
  if (error instanceof Failure) {
    say(error.message);
    return error.exitCode;
  }
  const { ApiError, ConnectionError, KubeconfigError, NameError } = await import("@plimsoll/kube");
  if (error instanceof ApiError) {
    say(error.message);
    return error.code === 400 || error.code === 422 ? exitCode.usage : exitCode.failure;
  }
  if (error instanceof KubeconfigError || error instanceof NameError) {
    say(error.message);
    return exitCode.usage;
  }
  if (error instanceof ConnectionError) {
    say(unreachable(error));
    return exitCode.failure;
  }
  if (error instanceof Error && hasExitCode(error)) {
    say(error.message);
    return error.exitCode;
  }
  console.error(error);
  console.error("This is a defect in plimsoll: please report it with the lines above.");
  return exitCode.failure;
}

/** What is said where no API server answers. */
export function unreachable({ message }: Error): string {
  return `${message}; is the cluster up, and the kubeconfig the right one?`;
}

function hasExitCode(error: Error): error is Error & { exitCode: number } {
  return "exitCode" in error && typeof error.exitCode === "number";
}

/** What commander throws has been told already; packages may have a commander of their own, so that its class doesn't tell. */
function isUsage(error: Error): error is Error & { exitCode: number } {
  return "code" in error && typeof error.code === "string" && error.code.startsWith("commander.") && hasExitCode(error);
}
