import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { kubeconfig } from "../../testing/scripted-server.ts";
import { Elector, type ElectorOptions } from "./elector.ts";
import { LostLeaseError } from "./fence.ts";
import { machineClock } from "./machine-clock.ts";

/** A server of one lease, which streams no lists, and refuses everything while `isDown`; and a kubeconfig for it. */
async function trial() {
  const state = { isDown: false, holders: [] as unknown[] };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    response.setHeader("content-type", "application/json");
    if (state.isDown) return response.writeHead(503).end("down");
    if (request.url?.includes("sendInitialEvents=true")) return response.writeHead(422).end("not here");
    if (request.url?.includes("watch=true")) return response.writeHead(200).flushHeaders();
    if (body === "") return response.end(JSON.stringify({ metadata: { resourceVersion: "1" }, items: [] }));
    const lease = JSON.parse(body) as { metadata: object; spec: { holderIdentity: string } };
    state.holders.push(lease.spec.holderIdentity);
    const metadata = { ...lease.metadata, uid: "uid", creationTimestamp: "", resourceVersion: `${state.holders.length}` };
    return response.end(JSON.stringify({ ...lease, metadata }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-elector-"));
  const path = join(folder, "kubeconfig");
  writeFileSync(path, kubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  const errors: string[] = [];
  const elector = new Elector({ ...common, connection: { kubeconfig: path }, onError: ({ message }) => errors.push(message) });
  onTestFinished(async () => {
    await elector.release();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { elector, state, errors };
}

const common: ElectorOptions = { connection: {}, namespace: "ns", lease: "lease", onError: () => {} };
const forever = new AbortController().signal;

test("it is elected, and gives the lease back when its signal aborts", async () => {
  const { elector, state } = await trial();
  expect(() => elector.fence.check()).toThrow(LostLeaseError);
  const end = new AbortController();
  elector.start(end.signal);
  await elector.elected;
  expect(elector.leader).toBe(elector.identity);
  expect(() => elector.fence.check()).not.toThrow();
  end.abort();
  await expect.poll(() => state.holders.at(-1)).toBe("");
  await elector.release();
  expect(() => elector.fence.check()).toThrow(LostLeaseError);
  expect(state.holders[0]).toBe(elector.identity);
  // Given back, it is not lost.
  expect(await Promise.race([elector.lost, "pending"])).toBe("pending");
});

test("it tells of what fails, and how long ago the API server answered", async () => {
  const began = machineClock.monotonic();
  const { elector, state, errors } = await trial();
  const made = machineClock.monotonic();
  state.isDown = true;
  elector.start(forever);
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  expect(errors[0]).toMatch(/^GET \/apis\/coordination.k8s.io\/v1\/namespaces\/ns\/leases: 503 ServiceUnavailable: down$/);
  const least = machineClock.monotonic() - made;
  const silent = elector.lastContact();
  expect(silent).toBeGreaterThanOrEqual(least);
  expect(silent).toBeLessThanOrEqual(machineClock.monotonic() - began);
  state.isDown = false;
  await elector.elected;
  expect(elector.lastContact()).toBeLessThan(machineClock.monotonic() - made);
});

test("a thread that dies has lost the lease", async () => {
  const elector = new Elector({ ...common, connection: { kubeconfig: "/nowhere/kubeconfig" } });
  elector.start(forever);
  const error = await elector.lost;
  expect(error).toBeInstanceOf(LostLeaseError);
  expect(error.message).toMatch(/^lease ns\/lease: .*\/nowhere\/kubeconfig/);
  await expect(elector.elected).rejects.toBe(error);
  expect(() => elector.fence.check()).toThrow("not held any more");
});

test("one that never stood may be released", async () => {
  const elector = new Elector(common);
  await elector.release();
  await expect(elector.elected).rejects.toThrow("the lease was released");
});

test("each stands under a name of its own, unless it is given one", () => {
  const names = [new Elector(common), new Elector(common), new Elector({ ...common, identity: "me" })].map(({ identity }) => identity);
  expect(new Set(names).size).toBe(3);
  expect(names[0]).toMatch(/^.+_[0-9a-f-]{36}$/);
  expect(names[2]).toBe("me");
});

test("durations with which two could hold the lease are refused", () => {
  expect(() => new Elector({ ...common, durations: { leaseDuration: 10_000 } })).toThrow(RangeError);
});
