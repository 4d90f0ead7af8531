import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ClusterError } from "../failure.ts";
import { nodeNetwork, slots, type NodeNetwork } from "../components/network.ts";
import { run } from "./run.ts";

/**
 * Makes a link between the machine and the network namespace of the process, with the wanted slot or any that is free.
 * The link's name is what claims a slot: the kernel gives it to one cluster of the machine.
 */
export async function addLink(pid: number, wanted: number | undefined): Promise<NodeNetwork> {
  const candidates = wanted === undefined ? Array.from({ length: slots }, (_, slot) => slot) : [wanted];
  for (const slot of candidates) {
    const network = nodeNetwork(slot);
    try {
      await run("ip", ["link", "add", network.link, "type", "veth", "peer", "name", "eth0", "netns", String(pid)]);
      return network;
    } catch (error) {
      if (!(error instanceof ClusterError && error.message.includes("File exists"))) throw error;
    }
  }
  throw new ClusterError(
    `every network link from plimsoll${candidates[0]} to plimsoll${candidates.at(-1)} is taken: take a cluster down first`,
  );
}

/** Gives the machine's end its address, and lets packets from it go on to elsewhere. */
export async function connectLink(network: NodeNetwork): Promise<void> {
  const { link, host, node, prefix, pods } = network;
  await run("ip", ["addr", "add", `${host}/${prefix}`, "dev", link]);
  await run("ip", ["link", "set", link, "up"]);
  await run("ip", ["route", "replace", pods, "via", node]);
  forwardPackets();
  for (const rule of rulesOf(network)) await run("iptables", ["-w", ...rule("-I")]);
}

/**
 * Takes away what `addLink` and `connectLink` made, as far as it is there, and does what is left to be done for the slot. Nobody else may take
 * or leave one meanwhile. `isOwn`: whether the node was there until now; else its link has gone with it, another cluster may have the slot since, and
 * what bears its number is then that one's.
 */
export async function removeLink(network: NodeNetwork, isOwn: boolean, last: () => Promise<void>): Promise<void> {
  const quietly = (command: string, args: string[]): Promise<boolean> =>
    run(command, args).then(
      () => true,
      () => false,
    );
  let isHeld = isOwn;
  // A link whose node has just ended goes a moment later.
  for (let attempt = 0; !isHeld && attempt < 10; attempt += 1) {
    if (attempt > 0) await sleep(100);
    isHeld = await quietly("ip", ["link", "add", network.link, "type", "bridge"]);
  }
  if (isHeld) {
    for (const rule of rulesOf(network)) while (await quietly("iptables", ["-w", ...rule("-D")]));
    await quietly("ip", ["link", "del", network.link]);
    await last();
  }
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
    ...[subnet, pods].map((source) => (action: string) => [
      "-t",
      "nat",
      action,
      "POSTROUTING",
      "-s",
      source,
      "!",
      "-o",
      link,
      ...comment,
      "-j",
      "MASQUERADE",
    ]),
    ...["-i", "-o"].map((direction) => (action: string) => [action, "FORWARD", direction, link, ...comment, "-j", "ACCEPT"]),
  ];
}
