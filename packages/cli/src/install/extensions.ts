import { closest, objectName } from "@plimsoll/api";
import { accountsOf, addExtension, readExtensions, removeExtension, statusPermissions } from "@plimsoll/controller/installation";
import { Command, InvalidArgumentError, Option } from "commander";
import { Failure, UsageError } from "../failure.ts";
import { opened } from "../connect/open.ts";
import { discover } from "../permissions/sources/discovery.ts";
import { print, tableOf, withFormat } from "../permissions/format.ts";
import type { Served } from "../permissions/objects/served.ts";
import { summaries } from "../summaries.ts";
import { withInstallation, type InstallationOptions } from "./options.ts";

const reads = ["get", "list", "watch"];

interface AddOptions extends InstallationOptions {
  group: string;
  resources: string[];
  verbs: string[];
}

/** `plimsoll extensions`: what else the controller may read. */
export function extensionsCommand(): Command {
  const command = new Command("extensions").description(summaries.extensions.description);
  command.addCommand(addCommand());
  command.addCommand(listCommand());
  command.addCommand(removeCommand());
  command.addHelpText(
    "after",
    "\nExamples:\n  plimsoll extensions add ray --group ray.io --resources rayclusters,rayjobs\n  plimsoll extensions list",
  );
  return command;
}

function addCommand(): Command {
  return withInstallation(new Command("add"))
    .description("let the controller read resources of an API group; installing, upgrading and uninstalling leave that alone")
    .argument("<name>", "what to call it", extensionName)
    .requiredOption("--group <group>", 'the API group; "" for Kubernetes\' core')
    .requiredOption("--resources <names>", "plurals, as in rayclusters,rayjobs", listed)
    .addOption(new Option("--verbs <verbs>", "some of get, list and watch").argParser(verbsIn).default(reads, reads.join(",")))
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll extensions add ray --group ray.io --resources rayclusters,rayjobs\n  plimsoll extensions add quota --group '' --resources resourcequotas --verbs get,list",
    )
    .action(async (name: string, { group, resources, verbs, ...options }: AddOptions) =>
      opened(options, async (transport) => {
        const { namespace } = options;
        checkServed(await discover(transport), group, resources);
        const accounts = await accountsOf(statusPermissions.client(transport, { own: namespace }), namespace);
        await addExtension(transport, namespace, { name, group, resources, verbs }, accounts);
        console.log(
          `extension ${name}: ${accounts.map((account) => `${namespace}/${account}`).join(", ")} may ${verbs.join(", ")} ${resources.join(", ")}`,
        );
      }),
    );
}

function listCommand(): Command {
  return withFormat(withInstallation(new Command("list").alias("ls")), "table", "json", "yaml")
    .description("list the extensions")
    .addHelpText("after", "\nExamples:\n  plimsoll extensions list\n  plimsoll extensions list -o json | jq -r .[].name")
    .action(async ({ output, ...options }: InstallationOptions & { output: string }) =>
      opened(options, async (transport) => {
        const { namespace } = options;
        const extensions = await readExtensions(statusPermissions.client(transport, { own: namespace }), namespace);
        if (extensions.length === 0 && output === "table") console.error(`No extensions in namespace "${namespace}".`);
        print(output, extensions, () =>
          tableOf(
            ["NAME", "GROUP", "RESOURCES", "VERBS"],
            extensions.map(({ name, group, resources, verbs }) => [name, group, resources.join(","), verbs.join(",")]),
          ),
        );
      }),
    );
}

function removeCommand(): Command {
  return withInstallation(new Command("remove").alias("rm"))
    .description("no longer let the controller read what an extension says")
    .argument("<name>", "which", extensionName)
    .addHelpText("after", "\nExample:\n  plimsoll extensions remove ray")
    .action(async (name: string, options: InstallationOptions) =>
      opened(options, async (transport) => {
        if (!(await removeExtension(transport, options.namespace, name)))
          throw new Failure(
            `there is no extension "${name}" in namespace "${options.namespace}": plimsoll extensions list -n ${options.namespace}`,
          );
        console.log(`extension ${name} removed`);
      }),
    );
}

/** Throws a UsageError for what the cluster doesn't serve, with the closest name. */
export function checkServed(served: readonly Served[], group: string, resources: readonly string[]): void {
  const groups = [...new Set(served.map((one) => one.group))].sort();
  if (!groups.includes(group))
    throw new UsageError(`--group: the cluster serves no API group "${group}"${closest(group, groups.filter(Boolean))}`);
  const plurals = served.filter((one) => one.group === group).map(({ plural }) => plural);
  for (const resource of resources)
    if (!plurals.includes(resource))
      throw new UsageError(`--resources: the cluster serves no "${resource}" in the API group "${group}"${closest(resource, plurals)}`);
}

function extensionName(text: string): string {
  if (!objectName.safeParse(text).success || text.includes(".") || text.length > 63)
    throw new InvalidArgumentError("give at most 63 lower-case letters and digits, with dashes between them");
  return text;
}

function listed(text: string): string[] {
  const names = [...new Set(text.split(",").map((name) => name.trim()))];
  if (names.includes("")) throw new InvalidArgumentError("a name is missing: write them as in rayclusters,rayjobs");
  return names;
}

function verbsIn(text: string): string[] {
  const verbs = listed(text);
  const other = verbs.find((verb) => !reads.includes(verb));
  if (other !== undefined) throw new InvalidArgumentError(`"${other}" is not for extensions: they read, with get, list and watch`);
  return verbs;
}
