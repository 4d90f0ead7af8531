import { existsSync } from "node:fs";
import { messageOf } from "@plimsoll/kube";
import { ClusterError } from "../failure.ts";
import { step, type OnProgress } from "../command/progress.ts";
import { run } from "./run.ts";

/** Whether this process may run containers on this machine. */
export function canRunContainers(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}

/** Programs of the machine that a real node needs, by the Debian package that holds them. */
const needs: Record<string, string[]> = {
  runc: ["runc"],
  "containernetworking-plugins": ["/usr/lib/cni/bridge"],
  iptables: ["iptables"],
  conntrack: ["conntrack"],
  iproute2: ["ip"],
  "util-linux": ["unshare", "nsenter", "mount"],
  "busybox-static": ["/bin/busybox"],
};

const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/sbin"];

function isThere(program: string): boolean {
  return program.startsWith("/") ? existsSync(program) : folders.some((folder) => existsSync(`${folder}/${program}`));
}

/** Installs what a real node needs and this machine lacks; says what to install where that isn't Debian's. */
export async function installMachineTools(onProgress: OnProgress): Promise<void> {
  const missing = Object.entries(needs).filter(([, programs]) => !programs.every(isThere));
  await installPackages(
    missing.map(([name]) => name),
    "a real node",
    onProgress,
  );
}

export async function installPackages(packages: string[], purpose: string, onProgress: OnProgress): Promise<void> {
  if (packages.length === 0) return;
  const remedy = `${purpose} needs ${packages.join(", ")} (names of Debian's packages): install them, or start with --no-kubelet`;
  if (!isThere("apt-get")) throw new ClusterError(remedy);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await step(onProgress, `installing ${packages.join(", ")}`, async () => {
    await run("apt-get", ["update", "-qq"], { env });
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env });
  }).catch((error: unknown) => {
    throw new ClusterError(`${remedy}. ${messageOf(error)}`, { cause: error });
  });
}
