import type { Drain } from "@plimsoll/api";
import { count } from "@plimsoll/api/text";
import { markOf } from "@plimsoll/features/draining";
import { isNotFound, systemClock, type Stored } from "@plimsoll/kube";
import { Command } from "commander";
import { withContext, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected, type Client } from "../connect/connect.ts";
import { Failure, UsageError } from "../failure.ts";
import { summaries } from "../summaries.ts";
import { nodeName } from "./options.ts";

/** How long it may take until a Drain has uncordoned what it had cordoned; milliseconds. */
const patience = 30_000;

/** `plimsoll undrain`: takes nodes out of their Drains, which uncordon them. */
export function undrainCommand(): Command {
  return withContext(new Command("undrain"))
    .description(summaries.undrain.description)
    .argument("<nodes...>", "the nodes' names", nodeName)
    .addHelpText(
      "after",
      `
Examples:
  plimsoll undrain node-7
  plimsoll undrain $(kubectl get nodes -l pool=batch -o name)

A node that somebody else has cordoned, too, stays cordoned: kubectl uncordon NODE.`,
    )
    .action((nodes: string[], options: ClusterOptions) => connected(options, (client) => undrain(client, nodes)));
}

async function undrain(client: Client, nodes: readonly string[]): Promise<void> {
  const drains = await Array.fromAsync(client("drains.plimsoll.dev").list());
  const about = drains.map((drain) => ({ drain, all: nodesOf(drain) })).filter(({ all }) => all.some((name) => nodes.includes(name)));
  const without = nodes.filter((name) => !about.some(({ all }) => all.includes(name)));
  if (without.length > 0)
    throw new UsageError(`no Drain is about ${without.join(", ")}: nothing was changed; to uncordon a node: kubectl uncordon NODE`);
  for (const { drain, all } of about) {
    const others = all.filter((name) => !nodes.includes(name));
    if (others.length > 0 && drain.spec.nodes === undefined)
      throw new UsageError(
        `the Drain ${drain.metadata.name} chooses its nodes by labels, also ${others.join(", ")}: nothing was changed; take the label from the node, or delete the Drain: kubectl delete drain ${drain.metadata.name}`,
      );
  }
  for (const { drain, all } of about) await takeOut(client, drain, all, nodes);
  await untilUncordoned(
    client,
    nodes,
    about.map(({ drain }) => drain),
  );
}

/** The nodes that a Drain is about. */
function nodesOf({ spec, status }: Drain): readonly string[] {
  return spec.nodes ?? (status?.nodes ?? []).map(({ name }) => name);
}

async function takeOut(client: Client, { metadata }: Stored<Drain>, all: readonly string[], nodes: readonly string[]): Promise<void> {
  const { name, uid, resourceVersion } = metadata;
  const left = all.filter((one) => !nodes.includes(one));
  if (left.length === 0) {
    await client("drains.plimsoll.dev").delete({ name }, { preconditions: { uid } });
    console.log(`drain.plimsoll.dev/${name} deleted`);
  } else {
    await client("drains.plimsoll.dev").patch({ name }, { metadata: { uid, resourceVersion }, spec: { nodes: left } });
    console.log(`drain.plimsoll.dev/${name} is about ${count(left.length, "node")} now`);
  }
}

/** Waits until the Drains have let the nodes go, and says which are uncordoned. */
async function untilUncordoned(client: Client, nodes: readonly string[], drains: readonly Stored<Drain>[]): Promise<void> {
  for (const name of nodes) {
    for (const deadline = systemClock.now() + patience; ; await systemClock.sleep(200)) {
      const node = await client("nodes")
        .get({ name })
        .catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)));
      const isHeld = drains.some(({ metadata }) => node?.metadata.annotations?.[markOf(metadata.uid)] !== undefined);
      if (!isHeld) {
        const state =
          node === undefined
            ? "is not there any more"
            : node.spec?.unschedulable
              ? "stays cordoned, by somebody else, too: kubectl uncordon"
              : "is uncordoned";
        console.log(`node/${name} ${state}`);
        break;
      }
      if (systemClock.now() > deadline)
        throw new Failure(`node ${name} is not uncordoned yet: is the controller up (\`plimsoll status\`)? It is done as soon as it is`);
    }
  }
}
