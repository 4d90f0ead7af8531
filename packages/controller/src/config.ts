import { messageOf } from "@plimsoll/kube";
import { parseArgs } from "node:util";
import { checkNamespace, namesIn } from "./names.ts";

/** What the program in the cluster is told at its start. */
export interface Config {
  /** A kubeconfig's path; undefined: the Pod's own ServiceAccount. */
  kubeconfig: string | undefined;
  /** The namespaces to work in; undefined: all. */
  namespaces: readonly string[] | undefined;
  /** Names of the features to run; undefined: all. */
  features: readonly string[] | undefined;
  /** How many pods may be created a second over time, and at once. */
  podRate: { qps: number; burst: number };
  /** Where health and metrics are served. */
  host: string;
  port: number;
  logLevel: string;
}

export const usage = `Usage: plimsoll-controller [options]

Runs Plimsoll's features against the cluster it is in, or the one that --kubeconfig names.

  --kubeconfig FILE     instead of the Pod's own ServiceAccount
  --namespaces A,B      work in these namespaces alone (default: all)
  --features A,B        run these features alone (default: all)
  --pod-qps N           pods that may be created a second, over time (default 100)
  --pod-burst N         and at once, after a pause (default 200)
  --listen HOST:PORT    where /healthz, /readyz and /metrics are served (default 0.0.0.0:8080)
  --log-level LEVEL     trace, debug, info, warn or error (default info)
  --help

Examples:
  plimsoll-controller
  plimsoll-controller --kubeconfig ~/.kube/config --namespaces team-a,team-b --listen 127.0.0.1:0
`;

/** Reads the program's arguments; `"help"` where they ask for it. Throws an Error that names the argument. */
export function parseConfig(args: string[]): Config | "help" {
  const { values } = parseArgs({
    args,
    options: {
      kubeconfig: { type: "string" },
      namespaces: { type: "string" },
      features: { type: "string" },
      "pod-qps": { type: "string", default: "100" },
      "pod-burst": { type: "string", default: "200" },
      listen: { type: "string", default: "0.0.0.0:8080" },
      "log-level": { type: "string", default: "info" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(values.listen) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    throw new Error(`--listen ${values.listen}: give HOST:PORT, as in 127.0.0.1:8080; port 0 takes a free one`);
  }
  const levels = ["trace", "debug", "info", "warn", "error"];
  if (!levels.includes(values["log-level"])) throw new Error(`--log-level ${values["log-level"]}: choose one of ${levels.join(", ")}`);
  return {
    kubeconfig: values.kubeconfig,
    namespaces: namespacesIn(values.namespaces),
    features: values.features === undefined ? undefined : namesIn(values.features),
    podRate: { qps: positive("--pod-qps", values["pod-qps"]), burst: positive("--pod-burst", values["pod-burst"]) },
    host,
    port: Number(port),
    logLevel: values["log-level"],
  };
}

function positive(option: string, value: string): number {
  const number = Number(value);
  if (!(number >= 1 && number <= 100_000)) throw new Error(`${option} ${value}: give a number from 1 to 100000`);
  return number;
}

function namespacesIn(value: string | undefined): string[] | undefined {
  const names = value === undefined ? undefined : namesIn(value);
  try {
    names?.forEach(checkNamespace);
  } catch (error) {
    throw new Error(`--namespaces ${value}: ${messageOf(error)}; names have commas between them, as in a,b`, { cause: error });
  }
  return names;
}
