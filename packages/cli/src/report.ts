import { ApiError } from "@plimsoll/kube";
import { CommanderError } from "commander";
import { exitCode, Failure } from "./failure.ts";
import { paintFor } from "./paint.ts";

/** Says on stderr why a command failed, in a line where the user or the cluster is the cause; returns the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  const say = (message: string): void => console.error(`${paintFor(process.stderr)("red", "error:")} ${message}`);
  if (error instanceof Failure) {
    say(error.message);
    return error.exitCode;
  }
  if (error instanceof ApiError) {
    say(`the API server answered ${error.code} ${error.reason}: ${error.message}`);
    return error.code === 400 || error.code === 422 ? exitCode.usage : exitCode.failure;
  }
  const cause = connectionProblem(error);
  if (cause !== undefined) {
    say(`the API server cannot be reached: ${cause}; is the cluster up, and the kubeconfig the right one?`);
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

function hasExitCode(error: Error): error is Error & { exitCode: number } {
  return "exitCode" in error && typeof error.exitCode === "number";
}

function connectionProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^(ECONN|ENOTFOUND|EHOST|ENET|ETIMEDOUT|UND_ERR|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|ERR_TLS)/.test(code)) return error.message || code;
  return connectionProblem(error.cause);
}
