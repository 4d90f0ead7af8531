import { valuesName } from "@plimsoll/controller/installation";
import { Command } from "commander";
import { compare, valid } from "semver";
import { Failure } from "../failure.ts";
import { opened } from "../connect/open.ts";
import { summaries } from "../summaries.ts";
import { carryOut, checkOptions, printObjects, version } from "./carry-out.ts";
import { next } from "./install.ts";
import { elsewhereHint } from "./elsewhere.ts";
import { findInstalled } from "./installed.ts";
import { readGivenValues, withChange, type ChangeOptions } from "./options.ts";

interface UpgradeOptions extends ChangeOptions {
  resetValues?: boolean;
  allowDowngrade?: boolean;
  install?: boolean;
}

/** `plimsoll upgrade`: brings an installation to this program's version, or to other values. */
export function upgradeCommand(): Command {
  return withChange(new Command("upgrade"))
    .description(summaries.upgrade.description)
    .option("-i, --install", "install where nothing is installed yet")
    .option("--reset-values", "forget the values in use; without --values, they are kept")
    .option("--allow-downgrade", "go to an older version, too")
    .addHelpText(
      "after",
      `
--values replaces the values in use; --set alone is laid over them.

Examples:
  plimsoll upgrade
  plimsoll upgrade --set replicas=3
  plimsoll upgrade --install --values values.yaml --yes
  plimsoll upgrade --dry-run --exit-code`,
    )
    .action(async (options: UpgradeOptions) => {
      checkOptions(options);
      if (options.dryRun === "client") return printObjects(options, await readGivenValues(options));
      const { namespace } = options;
      return opened(options, async (transport) => {
        const installed = await findInstalled(transport, namespace);
        if (installed === undefined && !options.install)
          throw new Failure(
            `Plimsoll is not installed in namespace "${namespace}"${await elsewhereHint(transport, namespace)}; --install installs it where it is missing`,
          );
        checkVersion(installed?.version, options);
        const isKept = options.values.length === 0 && !options.resetValues && installed?.given !== undefined;
        if (isKept && Object.keys(installed.given ?? {}).length > 0)
          console.error(`Using the values of the ConfigMap ${namespace}/${valuesName}; --reset-values forgets them.`);
        const chosen = await readGivenValues(options, isKept ? installed.given : undefined);
        const plan = await carryOut(transport, chosen, options, installed !== undefined);
        if (plan === undefined) return;
        if (installed === undefined) console.log(`Plimsoll ${version} is installed in namespace "${namespace}". Next:\n${next(namespace)}`);
        else if (plan.changes.every(({ action }) => action === "unchanged"))
          console.log(`Plimsoll ${version} in namespace "${namespace}" is up to date.`);
        else console.log(`Plimsoll in namespace "${namespace}" is at version ${version}${from(installed.version)}.`);
      });
    });
}

/** Throws a Failure for a way down that wasn't asked for. */
function checkVersion(installed: string | undefined, { allowDowngrade = false }: UpgradeOptions): void {
  if (allowDowngrade || installed === undefined || valid(installed) === null) return;
  if (compare(version, installed) < 0)
    throw new Failure(`version ${installed} is installed, and this program is ${version}: take a newer one, or give --allow-downgrade`);
}

function from(before: string | undefined): string {
  return before === undefined || before === version ? "" : `, from ${before}`;
}
