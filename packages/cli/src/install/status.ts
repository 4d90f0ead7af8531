import {
  completeObjects,
  completeValues,
  planOf,
  statusOf,
  statusPermissions,
  type Installed,
  type InstallationStatus,
  type Plan,
} from "@plimsoll/controller/installation";
import type { Transport } from "@plimsoll/kube";
import { Command } from "commander";
import { exitCode, Failure } from "../failure.ts";
import { opened } from "../connect/open.ts";
import { paintFor, type Paint } from "../output/paint.ts";
import { print, tableOf, withFormat } from "../permissions/format.ts";
import { summaries } from "../summaries.ts";
import { visible } from "../output/visible.ts";
import { rolloutLines } from "./await-health.ts";
import { mustBeInstalled } from "./installed.ts";
import { withInstallation, type InstallationOptions } from "./options.ts";
import { planData, planText } from "./plan-text.ts";

/** `plimsoll status`: how an installation is. */
export function statusCommand(): Command {
  return withFormat(withInstallation(new Command("status")), "table", "json", "yaml")
    .description(summaries.status.description)
    .option("--diff", "also how the cluster differs from what was installed; takes the rights of install")
    .addHelpText("after", "\nExamples:\n  plimsoll status\n  plimsoll status --diff\n  plimsoll status -o json | jq .healthy")
    .action(async ({ output, diff = false, ...options }: InstallationOptions & { output: string; diff?: boolean }) =>
      opened(options, async (transport) => {
        const { namespace } = options;
        const installed = await mustBeInstalled(transport, namespace);
        const status = await statusOf(statusPermissions.client(transport, { own: namespace }), installed);
        const drift = diff ? await driftOf(transport, installed) : undefined;
        const paint = paintFor(process.stdout);
        print(output, { ...status, ...(drift && { drift: planData(drift) }) }, () =>
          [statusText(status, paint), ...(drift ? [driftText(drift, paint)] : [])].join("\n\n"),
        );
        if (!status.healthy) process.exitCode = exitCode.failure;
      }),
    );
}

/** What applying the installation again would change. */
async function driftOf(transport: Transport, { namespace, given, version, helm }: Installed): Promise<Plan> {
  if (given === undefined || version === undefined)
    throw new Failure(
      helm
        ? `--diff: Helm keeps what it installed: helm get manifest ${helm.name} -n ${helm.namespace} | kubectl diff -f -`
        : "--diff: nothing says with which values it was installed",
    );
  const objects = completeObjects({ given, values: completeValues(given), namespace, version });
  return planOf(
    transport,
    objects.map(({ object }) => object),
    { namespace, force: true },
  );
}

function driftText(drift: Plan, paint: Paint): string {
  const isNone = drift.changes.every(({ action }) => action === "unchanged");
  return isNone
    ? "The cluster has what was installed."
    : `${paint("bold", "What another upgrade would set right")}\n${planText(drift, paint)}`;
}

function statusText(status: InstallationStatus, paint: Paint): string {
  const { namespace, version, installedBy, healthy, processes, kinds, features, namespaces, extensions } = status;
  const by = installedBy.tool === "helm" ? `Helm release ${installedBy.name}` : "plimsoll";
  const listed = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
  const named = (on: boolean): string[] => Object.keys(features).filter((name) => features[name] === on);
  return [
    `${healthy ? paint("green", "✔") : paint("red", "✖")} Plimsoll ${version ?? "of an unknown version"} in namespace "${namespace}", installed by ${by}`,
    ...processes.flatMap((process) => [
      ...rolloutLines(process, paint),
      `  leader: ${process.leader ?? "none"}`,
      ...(process.lastUpdate
        ? [
            `  last update by itself: ${visible([process.lastUpdate.reason, process.lastUpdate.message, process.lastUpdate.time].filter(Boolean).join(", "))}`,
          ]
        : []),
    ]),
    ...(processes.length === 0 ? ["no process is installed"] : []),
    "",
    tableOf(
      ["KIND", "SERVED", "STORED VERSIONS"],
      kinds.map(({ name, served, storedVersions }) => [name, served ? "yes" : paint("red", "no"), storedVersions.join(", ")]),
    ),
    "",
    `features:    ${listed(named(true))}${named(false).length > 0 ? ` (off: ${named(false).join(", ")})` : ""}`,
    `namespaces:  ${namespaces ? listed(namespaces) : "all"}`,
    `extensions:  ${extensions ? listed(extensions.map(({ name, group, resources }) => `${name} (${resources.map((resource) => (group === "" ? resource : `${resource}.${group}`)).join(", ")})`)) : "you may not see them"}`,
  ].join("\n");
}
