import { InvalidArgumentError, type Command } from "commander";

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
  return withContext(command).option("-n, --namespace <name>", "the namespace (default: the context's)", namespaceName);
}

/** In no other can there be anything. An empty one is most often a variable of a shell's that isn't set. */
function namespaceName(text: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(
    "A namespace's name is 1 to 63 lower-case letters, digits and -, the first and last of them a letter or digit.",
  );
}
