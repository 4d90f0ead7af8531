import { parseArgs } from "node:util";

export interface Options {
  /** The configuration file's path. */
  config: string;
  /** Helm's path, of version 3 or 4. */
  helm: string;
  /** A kubeconfig's path; undefined: the Pod's own ServiceAccount. */
  kubeconfig: string | undefined;
  /** The Job that this is a pod of: it tells when the window opened. Undefined: no window is minded. */
  job: string | undefined;
  /** Only says what would be done. */
  dryRun: boolean;
}

export const usage = `Usage: plimsoll-updater --config FILE [options]

Looks once whether there is a newer release of Plimsoll, and installs it. What an earlier look was cut off in is brought to its end.

  --config FILE       what the chart writes of its values autoUpdate
  --helm FILE         Helm 3 or 4 (default: helm)
  --kubeconfig FILE   instead of the Pod's own ServiceAccount
  --job NAME          the Job that this is a pod of: past its window, no update is begun
  --dry-run           says what would be done, and does nothing
  --help

Exit code 0 when there is nothing more to do, 1 when it is to be tried again, 2 when the arguments or the configuration are wrong.

Examples:
  plimsoll-updater --config updater.yaml --kubeconfig ~/.kube/config --dry-run
`;

/** Reads the program's arguments; `"help"` where they ask for it. Throws an Error that names the argument. */
export function parseOptions(args: string[]): Options | "help" {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: "string" },
      helm: { type: "string", default: "helm" },
      kubeconfig: { type: "string" },
      job: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const { config, helm, kubeconfig, job } = values;
  if (config === undefined)
    throw new Error("--config is missing: give the file that the chart writes, as in --config /etc/plimsoll/updater.yaml");
  return { config, helm, kubeconfig, job: job || undefined, dryRun: values["dry-run"] };
}
