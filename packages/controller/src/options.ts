import { parseArgs } from "node:util";

/** What the program in the cluster is told by its arguments: what it needs before it reads the configuration file. */
export interface Options {
  /** The configuration file's path; undefined: the defaults. */
  config: string | undefined;
  /** A kubeconfig's path; undefined: the Pod's own ServiceAccount. */
  kubeconfig: string | undefined;
  /** Where health and metrics are served. */
  host: string;
  port: number;
}

export const usage = `Usage: plimsoll-controller [options]

Runs Plimsoll's features against the cluster it is in, or the one that --kubeconfig names.

  --config FILE         the configuration, in YAML or JSON: namespaces, features, log level and more
  --kubeconfig FILE     instead of the Pod's own ServiceAccount
  --listen HOST:PORT    where /healthz, /readyz and /metrics are served (default 0.0.0.0:8080)
  --help

Examples:
  plimsoll-controller
  plimsoll-controller --config plimsoll.yaml --kubeconfig ~/.kube/config --listen 127.0.0.1:0
`;

/** Reads the program's arguments; `"help"` where they ask for it. Throws an Error that names the argument. */
export function parseOptions(args: string[]): Options | "help" {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: "string" },
      kubeconfig: { type: "string" },
      listen: { type: "string", default: "0.0.0.0:8080" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(values.listen) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    throw new Error(`--listen ${values.listen}: give HOST:PORT, as in 127.0.0.1:8080; port 0 takes a free one`);
  }
  return { config: values.config, kubeconfig: values.kubeconfig, host, port: Number(port) };
}
