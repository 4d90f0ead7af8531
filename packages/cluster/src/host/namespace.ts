import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { cgroupOf, removeCgroup } from "./cgroup.ts";
import { ClusterError } from "../failure.ts";
import { addLink, connectLink, removeLink } from "./link.ts";
import { locked } from "./lock.ts";
import { nodeNetwork, services, type NodeNetwork } from "../components/network.ts";
import { runningPid, start, stop, type Command } from "./process.ts";
import { run } from "./run.ts";
import type { Paths } from "../state.ts";
import { waitFor } from "./wait.ts";

/**
 * The real node lives in a pid, mount and network namespace of its own. With the first process of the pid namespace the
 * kernel ends every other: kubelet, shims and containers; and with the last of them go the mounts, links and iptables rules.
 */
const holder = "node";

/** Folders of the machine that the kubelet and the CNI library write to, whatever they are told; the node has its own. */
const fixedFolders = ["/var/lib/kubelet", "/var/lib/cni", "/var/log/containers"];

/** Makes the node's namespaces, unless they are there, and ties them to the machine. Gives the network that it has got. */
export async function openNamespace(paths: Paths): Promise<NodeNetwork> {
  const files = paths.files(holder);
  const slot = slotOf(paths);
  if (slot !== undefined && runningPid(files.pidFile) !== undefined) return nodeNetwork(slot);
  return alone(async () => open(paths, slot));
}

async function open(paths: Paths, slot: number | undefined): Promise<NodeNetwork> {
  const files = paths.files(holder);
  writeFileSync(paths.in("resolv.conf"), `nameserver ${services.dns}\n`);
  for (const folder of fixedFolders) {
    mkdirSync(folder, { recursive: true });
    mkdirSync(paths.in("node", folder), { recursive: true });
  }
  const ready = paths.in("node", "ready");
  rmSync(ready, { force: true });
  // The cluster's folder is an argument, and has a plain name from then on: none of its letters can be taken for the script's.
  const script = [
    'set -e; cd "$1"',
    // Mounts made in here reach the pods' mount namespaces, and nothing outside.
    "mount --make-rshared /",
    "mount -t proc proc /proc",
    "mount -t tmpfs -o mode=755 tmpfs /run",
    // The new /run may hide the folder, which is still this process's own.
    `mkdir ${paths.inNode()}; mount --no-canonicalize --bind . ${paths.inNode()}`,
    ...fixedFolders.map((folder) => `mount --bind ${paths.inNode("node", folder)} ${folder}`),
    // Where it is a link, it often points into /run.
    `target=$(readlink -m /etc/resolv.conf); mkdir -p "$(dirname "$target")"; [ -e "$target" ] || : > "$target"; mount --bind ${paths.inNode("resolv.conf")} "$target"`,
    `: > ${paths.inNode("node/ready")}; cd /`,
    // The first process of a pid namespace is the one that waits for orphans.
    "while :; do sleep 86400 & wait; done",
  ].join("\n");
  const args = ["--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", script, "node", paths.folder];
  await start({ command: "unshare", args }, files);
  await waitFor(
    "making the node's namespaces",
    () => {
      if (runningPid(files.pidFile) === undefined)
        throw new ClusterError(`the node's namespaces could not be made: ${readFileSync(files.log, "utf8").trim()}`);
      return existsSync(ready);
    },
    { timeout: 10_000, interval: 20 },
  );
  return connect(paths, slot);
}

/** Ends the node with all that runs in it, and takes away what ties it to the machine. */
export async function closeNamespace(paths: Paths): Promise<void> {
  if (fixedFolders.some((folder) => existsSync(paths.in("node", folder)))) await alone(async () => close(paths));
}

async function close(paths: Paths): Promise<void> {
  const { pidFile } = paths.files(holder);
  const isThere = runningPid(pidFile) !== undefined;
  await stop(pidFile, 0);
  for (const folder of fixedFolders) {
    // The kernel would take away what another node has mounted there, too.
    if (isMountedByOthers(folder, paths)) continue;
    try {
      rmdirSync(folder);
    } catch {
      // Not there, or not empty: it was not made for this node.
    }
  }
  const slot = slotOf(paths);
  if (slot !== undefined) await removeLink(nodeNetwork(slot), isThere, () => removeCgroup(cgroupOf(slot)));
}

/** Whether a process that isn't of this node's has something mounted at a folder. */
function isMountedByOthers(folder: string, paths: Paths): boolean {
  return readdirSync("/proc").some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const mounts = readFileSync(`/proc/${pid}/mountinfo`, "utf8").split("\n");
      // proc(5): of each mount, the fourth field is what is mounted, from its file system's root on, and the fifth is where.
      return mounts.some((line) => {
        const [, , , what = "", where] = line.split(" ");
        return where === folder && !paths.in("node", folder).endsWith(what);
      });
    } catch {
      return false; // It has ended.
    }
  });
}

/** Slots, and the folders of all nodes, are the machine's: who leaves one would else take away the link of another cluster that has just taken it. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return locked("/run/plimsoll-slots.lock", () => {}, work);
}

/** Kept apart from the cluster's state: it is known as soon as the slot is taken, and even when that file is broken. */
function slotOf(paths: Paths): number | undefined {
  const file = paths.in("slot");
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
}

/** The command, run in the node's namespaces. */
export function inNamespace(paths: Paths, { command, args, ...rest }: Command): Command {
  const pid = runningPid(paths.files(holder).pidFile);
  if (pid === undefined) throw new ClusterError("the node's namespaces are gone; start the cluster again with: plimsoll cluster up");
  const namespaces = ["--mount", "--net", "--pid"].map(
    (kind) => `${kind}=/proc/${pid}/ns/${kind === "--mount" ? "mnt" : kind === "--net" ? "net" : "pid_for_children"}`,
  );
  return { ...rest, command: "nsenter", args: [...namespaces, "--", command, ...args], forks: true };
}

async function connect(paths: Paths, slot: number | undefined): Promise<NodeNetwork> {
  const network = await addLink(runningPid(paths.files(holder).pidFile) ?? 0, slot);
  writeFileSync(paths.in("slot"), String(network.slot));
  const { host, node, prefix } = network;
  const script = `ip link set lo up; ip addr add ${node}/${prefix} dev eth0; ip link set eth0 up; ip route add default via ${host}; echo 1 > /proc/sys/net/ipv4/ip_forward`;
  const { command, args } = inNamespace(paths, { command: "sh", args: ["-ec", script] });
  await run(command, args);
  await connectLink(network);
  return network;
}
