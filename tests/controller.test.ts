import { kubeconfig } from "@plimsoll/kube/testing";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, inject, test, vi } from "vitest";
import { configFile, only } from "../scripts/local-controller.ts";
import { programOf } from "../scripts/programs.ts";
import { place } from "./support/cluster.ts";

const program = programOf("controller");

interface Line {
  msg: string;
  port?: number;
}

/** The path of a file in a new folder. */
const pathOf = (name: string): string => join(mkdtempSync(join(tmpdir(), "plimsoll-controller-")), name);
const configOf = (config: object): string => configFile(pathOf("plimsoll.yaml"), config);

const children: ChildProcess[] = [];
afterAll(() => children.forEach((child) => child.kill("SIGKILL")));

/** The controller as a process. */
function begin(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const lines: Line[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(JSON.parse(line)));
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    ended: once(child, "close").then(([code]) => ({ code: Number(code), stderr })),
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    says: () => lines.map(({ msg }) => msg),
    url: () =>
      vi.waitUntil(() => lines.find(({ msg }) => msg === "started")?.port, { timeout: 120_000 }).then((port) => `http://127.0.0.1:${port}`),
  };
}

async function get(url: string): Promise<[status: number, text: string]> {
  const response = await fetch(url);
  return [response.status, await response.text()];
}

test.concurrent("it tells that it lives, when it is ready, and what it has asked; SIGTERM ends it", async () => {
  const { namespace } = await place();
  const config = configOf({ namespaces: [namespace] });
  const controller = begin("--config", config, "--kubeconfig", inject("controllerKubeconfig"), "--listen", "127.0.0.1:0");
  const url = await controller.url();
  expect(await get(`${url}/healthz`)).toEqual([200, "ok\n"]);
  await vi.waitFor(async () => expect(await get(`${url}/readyz`)).toEqual([200, "ok\n"]), { timeout: 120_000 });
  const [status, metrics] = await get(`${url}/metrics`);
  expect(status).toBe(200);
  expect(metrics).toMatch(/^rest_client_requests_total\{code="200",method="GET"\} [1-9]/m);
  expect(metrics).toMatch(/^plimsoll_retries_total\{feature="pipelines"\} 0$/m);
  expect(metrics).toMatch(/^leader_election_master_status\{name="plimsoll"\} 0$/m);
  expect(metrics).toMatch(/^process_resident_memory_bytes \d/m);
  expect((await get(`${url}/else`))[0]).toBe(404);
  controller.kill("SIGTERM");
  expect(await controller.ended).toEqual({ code: 0, stderr: "" });
  // Another holds the Lease.
  expect(controller.says()).toEqual(["started", "the caches are filled", "ended"]);
});

test.concurrent("while the API server can't be reached it is not ready, says so, and counts how often it has tried", async () => {
  const path = pathOf("kubeconfig");
  writeFileSync(path, kubeconfig("http://127.0.0.1:1", { token: "x" }));
  const controller = begin("--kubeconfig", path, "--listen", "127.0.0.1:0");
  const url = await controller.url();
  await vi.waitFor(
    async () => expect((await get(`${url}/metrics`))[1]).toMatch(/^plimsoll_watch_restarts_total\{resource="pods"\} [1-9]/m),
    {
      timeout: 120_000,
    },
  );
  expect(await get(`${url}/readyz`)).toEqual([503, "the caches are being filled\n"]);
  expect((await get(`${url}/healthz`))[0]).toBe(200);
  expect(controller.says()).toContain("the watch failed, and is begun again");
  controller.kill("SIGTERM");
  expect(await controller.ended).toEqual({ code: 0, stderr: "" });
  expect(controller.says()).not.toContain("the caches are filled");
});

test.concurrent.each([
  ["an argument that there isn't", ["--nope"], /'--nope'/],
  ["a kubeconfig that isn't there", ["--kubeconfig", "/nowhere"], /\/nowhere/],
  ["a configuration file that isn't there", ["--config", "/nowhere.yaml"], /\/nowhere\.yaml: cannot be read/],
  ["a feature that there isn't", ["--config", configOf({ features: { sails: {} } })], /features\.sails: there is no such feature/],
])("%s is told in one line, with code 2", async (_name, args, message) => {
  const { code, stderr } = await begin(...args).ended;
  expect(code).toBe(2);
  expect(stderr).toMatch(/^plimsoll-controller: .*\n$/);
  expect(stderr).toMatch(message);
});

test.concurrent("a port that is taken is told in one line, with code 2", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await begin("--kubeconfig", inject("controllerKubeconfig"), "--listen", `127.0.0.1:${port}`).ended;
  server.close();
  expect(code).toBe(2);
  expect(stderr).toMatch(/^plimsoll-controller: .*EADDRINUSE.*\n$/);
});

test.concurrent("each mistake in the configuration file is told in a line, with code 2", async () => {
  const file = pathOf("plimsoll.yaml");
  writeFileSync(file, "logLevl: debug\nfeatures:\n  pipelines:\n    podQPS: many\n");
  expect(await begin("--config", file, "--kubeconfig", inject("controllerKubeconfig")).ended).toEqual({
    code: 2,
    stderr: `plimsoll-controller: ${file}:1: logLevl: there is no such field; did you mean "logLevel"?
plimsoll-controller: ${file}:4: features.pipelines.podQPS: is "many": must be a number
`,
  });
});

test.concurrent("of a configuration in which every feature is off, nothing is asked, until SIGTERM", async () => {
  const config = configOf({ features: only({}) });
  const controller = begin("--config", config, "--kubeconfig", inject("controllerKubeconfig"), "--listen", "127.0.0.1:0");
  const url = await controller.url();
  expect((await get(`${url}/readyz`))[0]).toBe(200);
  expect((await get(`${url}/metrics`))[1]).not.toMatch(/^rest_client_requests_total\{/m);
  controller.kill("SIGTERM");
  expect(await controller.ended).toEqual({ code: 0, stderr: "" });
});
