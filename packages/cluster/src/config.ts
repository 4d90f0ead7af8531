import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { clustersFolder } from "./folders.ts";

/** What was settled when a cluster was made; kept in its folder as cluster.json. */
export interface Config {
  name: string;
  /** Whether this machine is a node. */
  kubelet: boolean;
  simulatedNodes: number;
  audit: boolean;
  /** Tells the networks of clusters on this machine apart: pods are in 10.244.N.0/24. */
  network: number;
  /** Where the API server listens: the pods' gateway where there are pods, else loopback. */
  host: string;
  ports: Record<"api" | "etcd" | "etcdPeer" | "controllerManager" | "scheduler" | "kubelet" | "kubeletHealth" | "proxyHealth" | "proxyMetrics" | "kwok" | "dnsHealth", number>;
  /** Requests a second that the controller manager and the scheduler may each send. */
  qps: number;
  components: string[];
}

export const serviceNetwork = "10.96.0.0/16";
export const serviceAddress = "10.96.0.1";
export const nodeName = "node-0";

/** The pods' gateway, which is the node's address, the API server's and the DNS server's. */
export function gateway(network: number): string {
  return `10.244.${network}.1`;
}

export function podNetwork(network: number): string {
  return `10.244.${network}.0/24`;
}

export function bridge(network: number): string {
  return `plimsoll${network}`;
}

export function configPath(folder: string): string {
  return join(folder, "cluster.json");
}

export async function readConfig(folder: string): Promise<Config | undefined> {
  const text = await readFile(configPath(folder), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Config);
}

/** The configurations of every cluster of this user. */
export async function allConfigs(): Promise<Config[]> {
  const names = await readdir(clustersFolder()).catch(() => []);
  const configs = await Promise.all(names.map((name) => readConfig(join(clustersFolder(), name))));
  return configs.filter((config) => config !== undefined);
}

/** Ports that are free now, all different. */
export async function freePorts<K extends string>(names: readonly K[]): Promise<Record<K, number>> {
  const servers = await Promise.all(
    names.map(async (name) => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
      return [name, server] as const;
    }),
  );
  const ports = servers.map(([name, server]) => {
    const address = server.address();
    return [name, typeof address === "object" && address !== null ? address.port : 0] as const;
  });
  await Promise.all(servers.map(([, server]) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(ports) as Record<K, number>;
}
