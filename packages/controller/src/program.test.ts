import { defineFeature } from "@plimsoll/features/feature";
import { declare } from "@plimsoll/features/kinds";
import { kubeconfig } from "@plimsoll/kube/testing";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { readConfig } from "./config/index.ts";
import { run } from "./program.ts";

const main = new URL("main.ts", import.meta.url).pathname;

interface Lease {
  metadata: { resourceVersion?: string };
  spec: { holderIdentity: string; leaseDurationSeconds: number };
}

/** A cluster that has nothing but the lease, perhaps held by somebody, and a kubeconfig for it. */
async function cluster(holder?: string) {
  let version = 1;
  let lease: Lease | undefined;
  const put = (next: Lease): Lease => {
    version += 1;
    const metadata = { namespace: "default", name: "plimsoll", uid: "uid", creationTimestamp: "", resourceVersion: `${version}` };
    return (lease = { ...next, metadata });
  };
  const hold = (holderIdentity: string): Lease => put({ metadata: {}, spec: { holderIdentity, leaseDurationSeconds: 15 } });
  if (holder !== undefined) hold(holder);
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const items = request.url?.includes("/leases") && lease !== undefined ? [lease] : [];
    if (request.url?.includes("watch=true")) {
      const metadata = { resourceVersion: `${version}`, annotations: { "k8s.io/initial-events-end": "true" } };
      for (const object of items) response.write(`${JSON.stringify({ type: "ADDED", object })}\n`);
      return response.write(`${JSON.stringify({ type: "BOOKMARK", object: { metadata } })}\n`);
    }
    if (request.method === "GET") return response.end(JSON.stringify({ metadata: { resourceVersion: `${version}` }, items }));
    const written = JSON.parse(body) as Lease;
    if (request.method === "PUT" && written.metadata.resourceVersion !== lease?.metadata.resourceVersion)
      return response.writeHead(409).end("{}");
    return response.end(JSON.stringify(put(written)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-program-"));
  const path = join(folder, "kubeconfig");
  writeFileSync(path, kubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { path, hold, holder: () => lease?.spec.holderIdentity };
}

/** The program as a process. */
function begin(path: string) {
  const program = spawn(process.execPath, [main, "--kubeconfig", path, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(program, "exit").then(([code]) => Number(code));
  let said = "";
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  onTestFinished(async () => {
    program.kill("SIGKILL");
    await ended;
  });
  return { ended, terminate: () => program.kill("SIGTERM"), said: () => said };
}

test("one that leads gives the lease back when it is told to end", async () => {
  const { path, holder } = await cluster();
  const { terminate, ended, said } = begin(path);
  await expect.poll(said).toMatch(/"leads"/);
  terminate();
  expect(await ended).toBe(0);
  expect(holder()).toBe("");
});

test("one that waits for the lease ends when it is told to, and leaves the lease alone", async () => {
  const { path, holder } = await cluster("another");
  const { terminate, ended, said } = begin(path);
  await expect.poll(said).toMatch(/the caches are filled/);
  terminate();
  expect(await ended).toBe(0);
  expect(holder()).toBe("another");
});

test("one whose lease was taken ends, as a failure", async () => {
  const { path, hold } = await cluster();
  const { ended, said } = begin(path);
  await expect.poll(said).toMatch(/"leads"/);
  await expect.poll(said).toMatch(/the caches are filled/);
  hold("another");
  expect(await ended).toBe(1);
  expect(said()).toMatch(/plimsoll-controller: lease default\/plimsoll: "another" took the lease/);
});

test("one with a feature that fails gives the lease back, and leaves nothing running", async () => {
  const { path, holder } = await cluster();
  const broken = defineFeature({
    permissions: declare("broken", []),
    proof: [],
    config: z.object({}),
    leader: "required",
    async start({ elected }) {
      await elected;
      throw new Error("the anchor is lost");
    },
  });
  const options = { config: undefined, kubeconfig: path, host: "127.0.0.1", port: 0 };
  const config = { ...readConfig("", "none"), logLevel: "error" as const };
  await expect(run(options, config, [{ feature: broken, config: {} }])).rejects.toThrow("the anchor is lost");
  expect(holder()).toBe("");
});
