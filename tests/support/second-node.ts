import { up, type Cluster, type ComponentName } from "@plimsoll/cluster";
import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** All of a cluster but its container runtime. */
const others: readonly ComponentName[] = [
  "kubelet",
  "kube-proxy",
  "coredns",
  "kube-scheduler",
  "kube-controller-manager",
  "kwok",
  "provisioner",
  "kube-apiserver",
  "etcd",
];

/**
 * Gives a cluster a second real node. It is what is left of another cluster, its namespaces and its container runtime, with a kubelet that
 * is a client of the first: as its administrator, since a cluster of this machine has credentials for one node. Resolves to what takes it away.
 */
export async function secondNode(cluster: Cluster, name: string): Promise<() => Promise<void>> {
  const spare = await up({ name: `${cluster.name}-spare` });
  for (const component of others) await spare.kill(component);
  const { slot, binaries } = JSON.parse(readFileSync(join(spare.folder, "cluster.json"), "utf8")) as {
    slot: number;
    binaries: { kubelet: string };
  };
  const { pid } = JSON.parse(readFileSync(join(spare.folder, "run/node.pid"), "utf8")) as { pid: number };
  const namespaces = [`--mount=/proc/${pid}/ns/mnt`, `--net=/proc/${pid}/ns/net`, `--pid=/proc/${pid}/ns/pid_for_children`];
  const log = openSync(join(spare.folder, "logs/second-kubelet.log"), "a");
  const flags = {
    kubeconfig: cluster.kubeconfig,
    config: "/run/plimsoll/node/kubelet.yaml",
    "hostname-override": name,
    "node-ip": `10.213.${slot}.2`,
  };
  const args = [...namespaces, "--", binaries.kubelet, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)];
  // With the first process of its pid namespace it ends, too.
  spawn("nsenter", args, { stdio: ["ignore", log, log], detached: true }).unref();
  return () => spare.down();
}
