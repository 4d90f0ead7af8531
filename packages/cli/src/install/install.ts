import { Command } from "commander";
import { Failure } from "../failure.ts";
import { opened } from "../connect/open.ts";
import { summaries } from "../summaries.ts";
import { carryOut, checkOptions, printObjects, version } from "./carry-out.ts";
import { findInstalled } from "./installed.ts";
import { readGivenValues, withChange, type ChangeOptions } from "./options.ts";

/** `plimsoll install`: puts Plimsoll into a cluster, without Helm. */
export function installCommand(): Command {
  return withChange(new Command("install"))
    .description(summaries.install.description)
    .addHelpText(
      "after",
      `
Values: docs/reference/values.md. Files are merged as Helm does it, and --set goes before all.

Examples:
  plimsoll install
  plimsoll install --values values.yaml --set replicas=1 --yes
  plimsoll install --dry-run
  plimsoll install --dry-run=client -o yaml > plimsoll.yaml`,
    )
    .action(async (options: ChangeOptions) => {
      checkOptions(options);
      const chosen = await readGivenValues(options);
      if (options.dryRun === "client") return printObjects(options, chosen);
      const { namespace } = options;
      return opened(options, async (transport) => {
        const installed = await findInstalled(transport, namespace);
        if (installed?.given !== undefined)
          throw new Failure(
            `Plimsoll ${installed.version ?? ""} is installed in namespace "${namespace}" already: plimsoll upgrade -n ${namespace}`,
          );
        if ((await carryOut(transport, chosen, options, false)) === undefined) return;
        console.log(`Plimsoll ${version} is installed in namespace "${namespace}". Next:\n${next(namespace)}`);
      });
    });
}

/** What to do after an installation. */
export function next(namespace: string): string {
  const steps = [
    [`plimsoll status -n ${namespace}`, "how it is"],
    ["plimsoll run pipeline.yaml --watch", "a first run"],
    ["plimsoll permissions explain create pods", "what the controller may do, and why"],
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  return steps.map(([command, why]) => `  ${command.padEnd(width)}  # ${why}`).join("\n");
}
