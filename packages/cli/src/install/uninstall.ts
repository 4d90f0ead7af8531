import {
  InstallationError,
  processesIn,
  readExtensions,
  removalOf,
  removeData,
  removeExtension,
  removeInstallation,
  removeKinds,
  removeNamespace,
  runsUnderWay,
  sparkKinds,
  statusPermissions,
  titleOf,
  type Removal,
} from "@plimsoll/controller/installation";
import type { Transport } from "@plimsoll/kube";
import { Command } from "commander";
import { Failure } from "../failure.ts";
import { opened } from "../connect/open.ts";
import { paintFor } from "../output/paint.ts";
import { summaries } from "../summaries.ts";
import { checkAskable, confirm } from "./confirm.ts";
import { elsewhereHint } from "./elsewhere.ts";
import { findInstalled } from "./installed.ts";
import { withInstallation, withYes, type InstallationOptions } from "./options.ts";

interface UninstallOptions extends InstallationOptions {
  yes?: boolean;
  dryRun?: boolean;
  deleteData?: boolean;
}

/** `plimsoll uninstall`: takes away what `plimsoll install` made. */
export function uninstallCommand(): Command {
  return withYes(withInstallation(new Command("uninstall")))
    .description(summaries.uninstall.description)
    .option("--dry-run", "only say what would be done")
    .option(
      "--delete-data",
      "delete also all drains, workload sets with their objects, backfills, schedules, runs with their workspaces, pipelines, the kinds, Spark's where they are Plimsoll's alone, and the extensions",
    )
    .addHelpText("after", "\nExamples:\n  plimsoll uninstall\n  plimsoll uninstall --dry-run\n  plimsoll uninstall --delete-data --yes")
    .action(async (options: UninstallOptions) => {
      if (!options.dryRun) checkAskable(options);
      return opened(options, (transport) => uninstall(transport, options));
    });
}

async function uninstall(transport: Transport, options: UninstallOptions): Promise<void> {
  const { namespace, deleteData = false } = options;
  const client = statusPermissions.client(transport, { own: namespace });
  const removal = await removalOf(transport, namespace, { withData: deleteData });
  const extensions = await readExtensions(client, namespace);
  if (removal.objects.length === 0 && removal.ownNamespace === undefined && !deleteData)
    throw new Failure(
      removal.others.length > 0
        ? `of what is labelled as the installation in namespace "${namespace}" nothing was applied by plimsoll, or by kubectl apply --server-side: it is left to who made it: ${removal.others.map(titleOf).join(", ")}`
        : `Plimsoll is not installed in namespace "${namespace}"${await elsewhereHint(transport, namespace)}`,
    );
  if (deleteData) await checkAlone(transport, namespace);
  const runs = await runsUnderWay(transport);
  const spark = await sparkKinds(transport, namespace);
  const paint = paintFor(process.stdout);
  const doomed = [
    ...(deleteData
      ? [
          "all drains, workload sets with their objects, backfills and schedules",
          "all runs, with their pods and workspaces",
          "all pipelines",
        ]
      : []),
    ...removal.objects.map(titleOf),
    ...(deleteData
      ? [
          "Plimsoll's kinds",
          ...spark.own.map((kind) => `${titleOf(kind)}, with all that is of it`),
          ...extensions.map(({ name }) => `extension ${name}`),
        ]
      : []),
    ...(removal.ownNamespace ? [`Namespace ${namespace}, if nothing else is in it`] : []),
  ];
  console.log(doomed.map((title) => paint("red", `- ${title}`)).join("\n"));
  if (!deleteData) {
    console.log("Runs, pipelines, workspaces and Plimsoll's kinds stay; --delete-data deletes them.");
    if (extensions.length > 0) console.log(`Extensions stay, and grant nobody anything: ${extensions.map(({ name }) => name).join(", ")}.`);
  }
  if (deleteData && spark.others.length > 0)
    console.log(`Not defined by \`plimsoll install\` alone, and stays with all that is of it: ${spark.others.map(titleOf).join(", ")}.`);
  if (removal.others.length > 0)
    console.log(`Made by somebody else, though labelled as the installation's, and stays: ${removal.others.map(titleOf).join(", ")}.`);
  if (runs.length > 0) {
    const names = runs.map(({ namespace, name }) => `  ${namespace}/${name}`).join("\n");
    console.log(`Under way ${deleteData ? "and ended by this" : "and without a controller from then on"}:\n${names}`);
  }
  if (options.dryRun) return;
  await confirm(`Delete this from the cluster ${transport.server}?`, options);
  await carryOut(transport, removal, { ...options, extensions: extensions.map(({ name }) => name) });
}

async function carryOut(
  transport: Transport,
  removal: Removal,
  { namespace, deleteData = false, extensions }: UninstallOptions & { extensions: readonly string[] },
): Promise<void> {
  const leases = await leaseNames(transport, namespace);
  // While the controller is there to see to what it has to.
  if (deleteData) await removeData(transport, (line) => console.error(line));
  await removeInstallation(transport, removal, (object) => console.log(`deleted ${titleOf(object)}`));
  if (deleteData) {
    await removeKinds(transport, namespace);
    for (const name of extensions) await removeExtension(transport, namespace, name);
    console.log("deleted Plimsoll's kinds, and everything of them");
  }
  const remains = await removeNamespace(transport, removal, leases);
  if (remains.length > 0) {
    const shown = remains.slice(0, 10).join(", ");
    console.log(`Namespace ${namespace} stays: in it there is ${shown}${remains.length > 10 ? ` and ${remains.length - 10} more` : ""}.`);
  } else if (removal.ownNamespace) console.log(`deleted Namespace ${namespace}`);
  console.log(`Plimsoll is no longer installed in namespace "${namespace}".`);
}

/** The Leases of the processes, those of before a change of `isolation` among them, and so nobody else's. */
async function leaseNames(transport: Transport, namespace: string): Promise<Set<string>> {
  const installed = await findInstalled(transport, namespace);
  const leases = [...(installed?.configs.values() ?? [])].flatMap(({ leaderElection, features }) => [
    leaderElection.lease,
    ...Object.keys(features).map((feature) => `plimsoll-${feature}`),
  ]);
  return new Set(["plimsoll", ...leases]);
}

/** The kinds are everybody's: they stay while another installation works with them. */
async function checkAlone(transport: Transport, namespace: string): Promise<void> {
  const { processes } = await processesIn(statusPermissions.client(transport, { own: namespace }), namespace);
  const others = [...new Set(processes.map(({ namespace }) => namespace))].filter((other) => other !== namespace);
  if (others.length > 0)
    throw new InstallationError(
      `the installation in namespace "${others.join(", ")}" works with the same kinds and runs: uninstall it first, or leave --delete-data out`,
    );
}
