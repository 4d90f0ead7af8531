import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import type { Command } from "./process.ts";
import { runningPid, start, stop } from "./process.ts";
import { ClusterError } from "./failure.ts";
import { nodeNetwork, services, slots, type NodeNetwork } from "./network.ts";
import { run } from "./run.ts";
import type { Paths } from "./state.ts";
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

  const resolver = paths.in("resolv.conf");
  writeFileSync(resolver, `nameserver ${services.dns}\n`);
  const binds = fixedFolders.map((folder) => ({ folder, own: paths.in("node", folder) }));
  for (const { folder, own } of binds) {
    mkdirSync(folder, { recursive: true });
    mkdirSync(own, { recursive: true });
  }
  const ready = paths.in("node", "ready");
  const script = [
    "set -e",
    // Mounts made in here reach the pods' mount namespaces, and nothing outside.
    "mount --make-rshared /",
    "mount -t proc proc /proc",
    "mount -t tmpfs tmpfs /run",
    ...binds.map(({ folder, own }) => `mount --bind '${own}' '${folder}'`),
    // Where it is a link, it often points into /run.
    `target=$(readlink -m /etc/resolv.conf); mkdir -p "$(dirname "$target")"; [ -e "$target" ] || : > "$target"; mount --bind '${resolver}' "$target"`,
    `: > '${ready}'`,
    // The first process of a pid namespace is the one that waits for orphans.
    "while :; do sleep 86400 & wait; done",
  ].join("\n");
  await start({ command: "unshare", args: ["--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", script] }, files);
  await waitFor(
    "making the node's namespaces",
    () => {
      if (runningPid(files.pidFile) === undefined) throw new ClusterError(`the node's namespaces could not be made: ${readFileSync(files.log, "utf8").trim()}`);
      return existsSync(ready);
    },
    { timeout: 10_000, interval: 20 },
  );
  return connect(paths, slot);
}

/** Ends the node with all that runs in it, and takes away what ties it to the machine. Gives the slot that it had. */
export async function closeNamespace(paths: Paths): Promise<number | undefined> {
  await stop(paths.files(holder).pidFile, 0);
  for (const folder of fixedFolders) {
    try {
      rmdirSync(folder);
    } catch {
      // Not there, or not empty: it was not made for this node.
    }
  }
  const slot = slotOf(paths);
  if (slot !== undefined) await disconnect(nodeNetwork(slot));
  return slot;
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
  const namespaces = ["--mount", "--net", "--pid"].map((kind) => `${kind}=/proc/${pid}/ns/${kind === "--mount" ? "mnt" : kind === "--net" ? "net" : "pid_for_children"}`);
  return { ...rest, command: "nsenter", args: [...namespaces, "--", command, ...args], forks: true };
}

async function connect(paths: Paths, slot: number | undefined): Promise<NodeNetwork> {
  const pid = runningPid(paths.files(holder).pidFile);
  const network = await addLink(String(pid), slot === undefined ? Array.from({ length: slots }, (_, index) => index) : [slot]);
  const { link, host, node, prefix, pods } = network;
  writeFileSync(paths.in("slot"), String(network.slot));
  await run("ip", ["addr", "add", `${host}/${prefix}`, "dev", link]);
  await run("ip", ["link", "set", link, "up"]);
  const inside = inNamespace(paths, { command: "sh", args: ["-ec", `ip link set lo up; ip addr add ${node}/${prefix} dev eth0; ip link set eth0 up; ip route add default via ${host}; echo 1 > /proc/sys/net/ipv4/ip_forward`] });
  await run(inside.command, inside.args);
  await run("ip", ["route", "replace", pods, "via", node]);
  forwardPackets();
  for (const rule of rulesOf(network)) await run("iptables", ["-w", ...rule("-I")]);
  return network;
}

/** The link's name is what claims a slot: the kernel gives it to one cluster of the machine. */
async function addLink(pid: string, candidates: number[]): Promise<NodeNetwork> {
  for (const slot of candidates) {
    const network = nodeNetwork(slot);
    try {
      await run("ip", ["link", "add", network.link, "type", "veth", "peer", "name", "eth0", "netns", pid]);
      return network;
    } catch (error) {
      if (!(error instanceof ClusterError && error.message.includes("File exists"))) throw error;
    }
  }
  throw new ClusterError(`every network link from plimsoll${candidates[0]} to plimsoll${candidates.at(-1)} is taken: take a cluster down first`);
}

async function disconnect(network: NodeNetwork): Promise<void> {
  const quietly = (command: string, args: string[]): Promise<boolean> => run(command, args).then(() => true, () => false);
  for (const rule of rulesOf(network)) while (await quietly("iptables", ["-w", ...rule("-D")]));
  await quietly("ip", ["link", "del", network.link]);
  if (!readdirSync("/sys/class/net").some((name) => name.startsWith("plimsoll"))) stopForwarding();
}

const forwarding = "/proc/sys/net/ipv4/ip_forward";
/** Says that the machine did not forward packets before its first cluster; /run is emptied when the machine starts. */
const forwardingWasOff = "/run/plimsoll-forwarding-was-off";

function forwardPackets(): void {
  if (readFileSync(forwarding, "utf8").trim() === "1") return;
  writeFileSync(forwardingWasOff, "");
  writeFileSync(forwarding, "1");
}

function stopForwarding(): void {
  if (!existsSync(forwardingWasOff)) return;
  writeFileSync(forwarding, "0");
  rmSync(forwardingWasOff);
}


/** The machine's rules for packets that leave the node for elsewhere, such as those of an image's download. */
function rulesOf({ link, subnet, pods }: NodeNetwork): ((action: "-I" | "-D") => string[])[] {
  const comment = ["-m", "comment", "--comment", `plimsoll: ${link}`];
  return [
    ...[subnet, pods].map((source) => (action: string) => ["-t", "nat", action, "POSTROUTING", "-s", source, "!", "-o", link, ...comment, "-j", "MASQUERADE"]),
    ...["-i", "-o"].map((direction) => (action: string) => [action, "FORWARD", direction, link, ...comment, "-j", "ACCEPT"]),
  ];
}
