import { EC2Client } from "@aws-sdk/client-ec2";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

const version = "5.2.5";

/** AWS as others play it: moto (https://docs.getmoto.org), on a free port of loopback. Its one account is 123456789012. */
export interface Moto {
  endpoint: string;
  /** A client of an administrator's. */
  ec2(region: string): EC2Client;
  /** Forgets all that there is. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Any are taken. */
const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };

/** Starts moto's server; the first time it is installed from PyPI into the cache. */
export async function startMoto(): Promise<Moto> {
  const python = join(await installed(), "bin/python");
  const moto = spawn(python, ["-m", "moto.server", "--host", "127.0.0.1", "--port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(moto, "exit");
  const lines: string[] = [];
  const output = createInterface({ input: moto.stderr });
  const listening = new Promise<string>((resolve) => {
    output.on("line", (line) => {
      lines.push(line);
      const [endpoint] = / on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.slice(1) ?? [];
      if (endpoint !== undefined) resolve(endpoint);
    });
  });
  const failed = ended.then(() => Promise.reject(new Error(`moto has ended: ${lines.join("\n")}`)));
  failed.catch(() => {});
  const endpoint = await Promise.race([listening, failed]);
  const clients: EC2Client[] = [];
  return {
    endpoint,
    ec2: (region) => {
      const client = new EC2Client({ region, endpoint, credentials });
      clients.push(client);
      return client;
    },
    reset: async () => {
      const { status } = await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
      if (status !== 200) throw new Error(`moto answers ${status} where it is to forget all`);
    },
    stop: async () => {
      for (const client of clients) client.destroy();
      moto.kill();
      await ended;
    },
  };
}

/** The virtual environment with moto, which is made if it isn't there. */
async function installed(): Promise<string> {
  const cache = process.env["PLIMSOLL_CACHE"] || join(homedir(), ".cache", "plimsoll");
  const folder = join(cache, "python", `moto-${version}`);
  if (existsSync(folder)) return folder;
  // Whole or not at all; another process may have been faster.
  const scratch = `${folder}.${process.pid}`;
  await mkdir(join(cache, "python"), { recursive: true, mode: 0o755 });
  try {
    await run("python3", ["-m", "venv", scratch], { timeout: 120_000 });
    await run(join(scratch, "bin/python"), ["-m", "pip", "install", "--quiet", `moto[server]==${version}`], { timeout: 300_000 });
    // What of it has the old name in it, its programs, isn't used.
    await rename(scratch, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return folder;
}
