import { inject } from "vitest";
import { plimsoll, type Result } from "./cli.ts";

/** Runs `plimsoll permissions`; offline, no cluster can be found. */
export function run(args: readonly string[], { input = "", kubeconfig = "nowhere" } = {}): Promise<Result> {
  return plimsoll(["permissions", ...args], { input, kubeconfig });
}

export const offline = (...args: string[]): Promise<Result> => run(args);
export const live = (...args: string[]): Promise<Result> => run(args, { kubeconfig: inject("kubeconfig") });
