import type { Command } from "commander";

/** Which cluster and namespace a command is for, as its user says. */
export interface ClusterOptions {
  kubeconfig?: string | undefined;
  context?: string | undefined;
  namespace?: string | undefined;
}

/** Adds the options that choose a cluster, as kubectl has them. */
export function withContext(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "the kubeconfig (default: as kubectl: $KUBECONFIG, then ~/.kube/config)")
    .option("--context <name>", "the kubeconfig's context");
}

/** Adds the options that choose a cluster and a namespace, as kubectl has them. */
export function withCluster(command: Command): Command {
  return withContext(command).option("-n, --namespace <name>", "the namespace (default: the context's)");
}
