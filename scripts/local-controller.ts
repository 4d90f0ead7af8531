import { controllerToken, defaultNamespace, features, install, nodeFlags } from "@plimsoll/controller";
import { Transport } from "@plimsoll/kube";
import { randomBytes } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { programOf } from "./programs.ts";

/** A controller that runs on this machine, outside the cluster. */
export interface LocalController {
  pid: number;
  log: string;
  /** Its configuration file; undefined where it has none. */
  config: string | undefined;
  /** Resolves when it has ended. */
  ended: Promise<unknown>;
  /** Ends it, and waits until it has. */
  stop: () => Promise<void>;
}

/** Installs Plimsoll into a cluster, and writes a kubeconfig with which a controller is its own ServiceAccount; gives its path. */
export async function prepare(
  cluster: { kubeconfig: string; folder: string },
  options: Parameters<typeof install>[1] & { account?: string } = {},
): Promise<string> {
  const transport = Transport.fromKubeconfig(cluster.kubeconfig);
  try {
    await install(transport, options);
    const token = await controllerToken(transport, options);
    const path = join(cluster.folder, "controller.kubeconfig");
    writeFileSync(path, kubeconfigWith(cluster.kubeconfig, token, options.namespace ?? defaultNamespace), { mode: 0o600 });
    return path;
  } finally {
    await transport.close();
  }
}

/** The text of a kubeconfig like that of an administrator, but with a token and in a namespace. */
export function kubeconfigWith(administrators: string, token: string, namespace: string): string {
  const admin = parse(readFileSync(administrators, "utf8")) as {
    users: [{ name: string }];
    contexts: [{ name: string; context: object }];
  };
  const [{ name, context }] = admin.contexts;
  return JSON.stringify({
    ...admin,
    contexts: [{ name, context: { ...context, namespace } }],
    users: [{ name: admin.users[0].name, user: { token } }],
  });
}

/** Starts the controller and waits until its caches are filled. */
export async function startController(options: {
  kubeconfig: string;
  folder: string;
  /** What its configuration file says; without it, it has none. */
  config?: object;
  args?: string[];
  program?: string;
  env?: Record<string, string>;
  /** How long its caches may take to be filled; by default 120. */
  seconds?: number;
}): Promise<LocalController> {
  const program = options.program ?? programOf("controller");
  const name = join(options.folder, `controller-${Date.now()}-${randomBytes(3).toString("hex")}`);
  const log = `${name}.log`;
  const output = openSync(log, "a");
  const args = ["--kubeconfig", options.kubeconfig, "--listen", "127.0.0.1:0", ...(options.args ?? [])];
  const config = options.config && configFile(`${name}.yaml`, options.config);
  if (config !== undefined) args.push("--config", config);
  const child = spawn(process.execPath, [...nodeFlags, program, ...args], {
    stdio: ["ignore", output, output],
    env: { ...process.env, ...options.env },
  });
  const ended = once(child, "exit");
  await ready(child, log, options.seconds ?? 120);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const slow = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await ended;
    clearTimeout(slow);
  };
  return { pid: child.pid ?? 0, log, config, ended, stop };
}

/** What a configuration file says of the features, so that those of `chosen` alone run; with what it says of each. */
export function only(chosen: Readonly<Record<string, object>>): Record<string, object> {
  return Object.fromEntries(features.map(({ name }) => [name, { enabled: name in chosen, ...chosen[name] }]));
}

/** Writes a configuration file, or another in its place; gives its path. */
export function configFile(path: string, config: object): string {
  writeFileSync(path, stringify(config));
  return path;
}

async function ready(child: ChildProcess, log: string, seconds: number): Promise<void> {
  for (const deadline = Date.now() + seconds * 1_000; Date.now() < deadline; await sleep(50)) {
    const text = readFileSync(log, "utf8");
    if (text.includes("the caches are filled")) return;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the controller ended with ${child.exitCode ?? child.signalCode}:\n${text}`);
  }
  child.kill("SIGKILL");
  throw new Error(`the controller was not ready within ${seconds} s:\n${readFileSync(log, "utf8")}`);
}
