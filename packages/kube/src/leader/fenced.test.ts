import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import { connect, createServer as createTcpServer, type AddressInfo } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { certificate, privateKey } from "../../testing/certificate.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { failure, json, kubeconfig, scriptedServer } from "../../testing/scripted-server.ts";
import type { ApiRequest } from "../transport/api-request.ts";
import { Transport } from "../transport/transport.ts";
import { LostLeaseError } from "./fence.ts";
import { fenced } from "./fenced.ts";

const get: ApiRequest = { method: "GET", path: "/api/v1/pods" };
const post: ApiRequest = { method: "POST", path: "/api/v1/pods", body: {} };
const refusal = new LostLeaseError("lost");

/** A fence that falls when it is told to, and counts how often it was asked. */
function trial(transport: Transport) {
  const fence = {
    checks: 0,
    isFallen: false,
    check() {
      fence.checks += 1;
      if (fence.isFallen) throw refusal;
    },
  };
  onTestFinished(() => transport.close());
  return { fence, sender: fenced(transport, fence) };
}

test("while the fence stands, each write passes it once, and what only reads doesn't ask it", async () => {
  await using server = await scriptedServer(json({ ok: true }));
  const { fence, sender } = trial(Transport.fromKubeconfig(server.kubeconfig()));
  for (const method of ["POST", "PUT", "PATCH", "DELETE"] as const) expect(await sender.request({ ...post, method })).toEqual({ ok: true });
  expect(fence.checks).toBe(4);
  fence.isFallen = true;
  await sender.request(get);
  await Array.fromAsync(await sender.stream(get));
  expect(fence.checks).toBe(4);
});

test("a write that waits for a connection that is free when the fence falls never reaches the server, and its error is the fence's own", async () => {
  const held: ServerResponse[] = [];
  await using server = await scriptedServer((response, { method }) =>
    method === "GET" ? void held.push(response) : response.writeHead(200).end("{}"),
  );
  const transport = Transport.fromKubeconfig(server.kubeconfig());
  const { fence, sender } = trial(transport);
  const reads = Array.from({ length: 32 }, () => transport.request(get));
  await expect.poll(() => held.length).toBe(32);
  const fencedOff = sender.request(post);
  const free = transport.request({ ...post, method: "PUT" });
  const outcome = fencedOff.catch((error: unknown) => error);
  await nextTurn(); // Then they are in the queue.
  fence.isFallen = true;
  for (const response of held) response.writeHead(200).end("{}");
  expect(await outcome).toBe(refusal);
  await Promise.all([...reads, free]);
  // The connection on which it would have gone is good for others.
  await transport.request({ ...post, method: "PATCH" });
  const writes = server.requests.map(({ call }) => call).filter((call) => !call.startsWith("GET"));
  expect(writes).toEqual(["PUT /api/v1/pods", "PATCH /api/v1/pods"]);
});

test("nor does one that waits for a connection to be made", async () => {
  const calls: string[] = [];
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    calls.push(`${request.method} ${request.url}`);
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const opened = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  // The handshake begins when it is let.
  const door = createTcpServer(async (client) => {
    client.on("error", () => {});
    asked.resolve();
    await opened.promise;
    const upstream = connect((server.address() as AddressInfo).port, "127.0.0.1").on("error", () => client.destroy());
    client.pipe(upstream).pipe(client);
  }).listen(0, "127.0.0.1");
  await once(door, "listening");
  onTestFinished(() => {
    door.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = door.address() as AddressInfo;
  const transport = Transport.fromKubeconfig(kubeconfig(`https://127.0.0.1:${port}`, {}, { "insecure-skip-tls-verify": true }));
  const { fence, sender } = trial(transport);
  const outcome = sender.request(post).catch((error: unknown) => error);
  await asked.promise;
  fence.isFallen = true;
  opened.resolve();
  expect(await outcome).toBe(refusal);
  await transport.request(get);
  expect(calls).toEqual(["GET /api/v1/pods"]);
});

test("nor is one sent again", async () => {
  await using server = await scriptedServer(failure(429, "TooManyRequests", { "retry-after": "7" }), json({}));
  const clock = new FakeClock();
  const { fence, sender } = trial(Transport.fromKubeconfig(server.kubeconfig(), { clock }));
  const outcome = sender.request(post).catch((error: unknown) => error);
  await expect.poll(() => clock.sleepers).toBe(1);
  fence.isFallen = true;
  await clock.advance(7_000);
  expect(await outcome).toBe(refusal);
  expect(server.requests).toHaveLength(1);
});
