import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inject } from "vitest";
import { kubectlProgram } from "../../bench/kubectl.ts";

export type Kubectl = (...args: string[]) => Promise<string>;

/** What kubectl prints, as a cluster's administrator. */
export function kubectlOf(kubeconfig: string): Kubectl {
  return async (...args) => {
    const { stdout } = await promisify(execFile)(kubectlProgram(), ["--kubeconfig", kubeconfig, ...args]);
    return stdout;
  };
}

/** The same, on the shared cluster. */
export const kubectl: Kubectl = (...args) => kubectlOf(inject("kubeconfig"))(...args);
