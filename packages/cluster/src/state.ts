import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { ClusterError } from "./failure.ts";
import { clustersFolder } from "./folders.ts";

const port = z.int().min(1).max(65_535);

/** What a cluster was started as: enough to start, show and end any part of it from another process. */
const stateSchema = z.object({
  name: z.string(),
  simulatedNodes: z.int().min(0),
  audit: z.boolean(),
  rates: z.enum(["default", "raised"]),
  /** How long the certificates are good that the kubelet asks for; undefined: it asks for none, and has what was made for it. */
  requestedCertificates: z.string().optional(),
  ports: z.object({
    etcd: port,
    etcdHttp: port,
    etcdPeer: port,
    apiserver: port,
    controllerManager: port,
    scheduler: port,
    dns: port,
  }),
  binaries: z.record(z.string(), z.string()),
  /** Of the real node's network; undefined when there is no real node. */
  slot: z.int().min(0).optional(),
  /** Where the metrics server listens; undefined when there is none. */
  metricsPort: port.optional(),
});

export type State = z.infer<typeof stateSchema>;

export const portNames = stateSchema.shape.ports.keyof().options;

/** Gives each port its name. */
export function portsOf(numbers: number[]): State["ports"] {
  return stateSchema.shape.ports.parse(Object.fromEntries(portNames.map((name, index) => [name, numbers[index]])));
}

/** The ports of all clusters: one that is being started does not listen at its own yet. */
export function takenPorts(): Set<number> {
  const names = existsSync(clustersFolder()) ? readdirSync(clustersFolder()) : [];
  return new Set(
    names.flatMap((name) => {
      try {
        const { ports, metricsPort } = readState(name) ?? {};
        return [...Object.values(ports ?? {}), ...(metricsPort === undefined ? [] : [metricsPort])];
      } catch {
        // It is no cluster, or a broken one.
        return [];
      }
    }),
  );
}

/** Where the parts of one cluster lie. */
export function pathsOf(name: string) {
  const folder = join(clustersFolder(), name);
  return {
    folder,
    // Outside the folder, and never removed: who waits for it must wait for the same file as who comes later.
    lock: join(clustersFolder(), ".locks", name),
    kubeconfig: join(folder, "kubeconfig"),
    audit: join(folder, "audit.log"),
    volumes: join(folder, "volumes"),
    state: join(folder, "cluster.json"),
    in: (...parts: string[]) => join(folder, ...parts),
    /** The same as the real node sees it: no letter of it can mean something to a mount option, a configuration or the kubelet. */
    inNode: (...parts: string[]) => join("/run/plimsoll", ...parts),
    files: (component: string) => ({ pidFile: join(folder, "run", `${component}.pid`), log: join(folder, "logs", `${component}.log`) }),
  };
}

export type Paths = ReturnType<typeof pathsOf>;

/** A name becomes a folder and part of file names: a DNS label keeps it plain. */
export function checkName(name: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) return name;
  throw new ClusterError(`"${name}" is not a cluster's name: use at most 40 lower-case letters, digits and dashes.`, { exitCode: 2 });
}

export function readState(name: string): State | undefined {
  const { state } = pathsOf(checkName(name));
  if (!existsSync(state)) return undefined;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(state, "utf8")));
  } catch (cause) {
    throw new ClusterError(
      `${state} is not what this version of plimsoll writes. Take the cluster down with: plimsoll cluster down --name ${name}`,
      { cause },
    );
  }
}

export function writeState(state: State): void {
  const { state: file } = pathsOf(state.name);
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2));
  renameSync(`${file}.new`, file);
}
