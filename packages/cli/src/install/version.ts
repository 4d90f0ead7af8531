import { processesIn, statusPermissions, type Elsewhere } from "@plimsoll/controller/installation";
import { defaultNamespace } from "@plimsoll/controller/roles";
import type { Transport } from "@plimsoll/kube";
import { Command } from "commander";
import * as z from "zod";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { opened } from "../connect/open.ts";
import { print, withFormat } from "../permissions/format.ts";
import { summaries } from "../summaries.ts";
import { version } from "./carry-out.ts";
import { skewOf } from "./skew.ts";

interface Versions {
  client: string;
  controllers?: (Elsewhere & { skew: string | undefined })[];
  kubernetes?: string;
}

/** `plimsoll version`: this program's, the controllers' and Kubernetes' version. */
export function versionCommand(): Command {
  return withFormat(withCluster(new Command("version")), "table", "json", "yaml")
    .description(summaries.version.description)
    .option("--client", "this program's alone, without a cluster")
    .addHelpText("after", "\nExamples:\n  plimsoll version\n  plimsoll version --client\n  plimsoll version -o json")
    .action(async ({ output, client = false, ...options }: ClusterOptions & { output: string; client?: boolean }) => {
      const versions = client ? { client: version } : await opened(options, (transport) => versionsIn(transport, options.namespace));
      print(output, versions, () => textOf(versions));
    });
}

async function versionsIn(transport: Transport, namespace = defaultNamespace): Promise<Versions> {
  const { processes } = await processesIn(statusPermissions.client(transport, { own: namespace }), namespace);
  const answer = await transport.request<unknown>({ method: "GET", path: "/version" });
  const { gitVersion } = z.object({ gitVersion: z.string() }).parse(answer);
  return {
    client: version,
    controllers: processes.map((process) => ({ ...process, skew: process.version && skewOf(version, process.version) })),
    kubernetes: gitVersion,
  };
}

function textOf({ client, controllers, kubernetes }: Versions): string {
  const lines = [`plimsoll    ${client}`];
  for (const { namespace, name, version = "unknown", skew } of controllers ?? [])
    lines.push(`controller  ${version}  (${namespace}/${name})${skew === undefined ? "" : `: ${skew}`}`);
  if (controllers?.length === 0) lines.push("controller  none in this cluster");
  if (kubernetes !== undefined) lines.push(`kubernetes  ${kubernetes.replace(/^v/, "")}`);
  return lines.join("\n");
}
