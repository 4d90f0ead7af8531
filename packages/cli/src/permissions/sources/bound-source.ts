import { Option, type Command } from "commander";
import { withCluster, type ClusterOptions } from "../../connect/cluster-options.ts";
import { bindingsOf } from "../subjects/access.ts";
import { boundIn, type InFiles } from "./bound-files.ts";

/** Where bindings are from, and whose are looked at. */
export interface BoundOptions extends ClusterOptions {
  rules?: string[];
  subjects?: string;
}

/** The option that takes bindings from files. */
export function rulesOption(): Option {
  return new Option("--rules <source...>", "instead of a cluster: files or folders with roles and bindings, or -");
}

/** Adds the options that say where bindings are from: a cluster, or files. */
export function withBound(command: Command): Command {
  return withCluster(command)
    .addOption(rulesOption())
    .option("--subjects <regexp>", "only subjects that it fits, as they are shown: ^ServiceAccount team-");
}

/**
 * The bindings, of which those in a namespace suffice where one is named; with the namespace that a cluster is asked about where none is; and, for
 * what is to be judged, the ServiceAccounts, the namespaces that let privileged pods in and the kinds that have a pod in them. Where resources are to be `named`, a
 * cluster says what it serves.
 */
export async function readBound(options: BoundOptions, { judged = false, named = false } = {}): Promise<InFiles & { current?: string }> {
  if (options.rules !== undefined) return boundIn(options.rules, options);
  const { readIdentities, readPrivileged, readRbac, withRbac } = await import("./live.ts");
  return withRbac(options, async (client, transport) => ({
    bindings: bindingsOf(await readRbac(client, options.namespace)),
    accounts: judged ? await readIdentities(client, options.namespace) : [],
    privileged: judged ? await readPrivileged(client, options.namespace) : [],
    podKinds: judged ? await (await import("../objects/pod-kinds.ts")).readPodKinds(transport) : [],
    resources: named ? await (await import("./discovery.ts")).discover(transport) : [],
    current: transport.namespace,
  }));
}
