import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { certificate, privateKey } from "../../testing/certificate.ts";
import { connectProxy } from "../../testing/connect-proxy.ts";
import { Agents } from "./agents.ts";
import type { ApiRequest } from "./api-request.ts";
import { ConnectionError, SilenceError } from "../errors.ts";
import { KubeconfigError } from "../auth/kubeconfig-error.ts";
import { connectionFrom } from "../auth/kubeconfig.ts";
import { proxyOf } from "../proxy/proxy-of.ts";
import { Requester } from "./requester.ts";
import { kubeconfig } from "../../testing/scripted-server.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const get: ApiRequest = { method: "GET", path: "/api/v1/pods", once: true };

/** An API server that tells what it was asked, and by whose certificate; of "/silent" it gives the head and one line alone. */
async function apiServer(): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server: Server = createServer(
    { cert: certificate, key: privateKey, ca: certificate, requestCert: true },
    async (request, response) => {
      if (request.url === "/silent") return response.write("an event\n");
      const body = Buffer.concat(await Array.fromAsync(request)).toString();
      const user = (request.socket as TLSSocket).getPeerCertificate().subject.CN;
      return response.end(JSON.stringify({ method: request.method, body, user }));
    },
  );
  server.on("secureConnection", () => (connections += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

function requesterTo(server: string, more: object = { "certificate-authority-data": base64(certificate) }) {
  const user = { "client-certificate-data": base64(certificate), "client-key-data": base64(privateKey) };
  const connection = connectionFrom(kubeconfig(server, user, { "tls-server-name": "localhost", ...more }));
  const requester = new Requester(connection, new Agents(server, proxyOf(connection.cluster)));
  onTestFinished(() => requester.close());
  return requester;
}

test("requests carry their body and the client's certificate, on one connection that is kept", async () => {
  const { port, connections } = await apiServer();
  const requester = requesterTo(`https://127.0.0.1:${port}`);
  for (const method of ["GET", "PUT", "PUT"] as const) {
    const answer = await requester.request({ ...get, method, ...(method === "PUT" && { body: { a: "ü" } }) });
    expect(answer).toEqual({ method, body: method === "PUT" ? '{"a":"ü"}' : "", user: "localhost" });
  }
  expect(connections()).toBe(1);
});

test("a stream on which nothing comes for its timeout ends as silent", async () => {
  const { port } = await apiServer();
  const stream = await requesterTo(`https://127.0.0.1:${port}`).stream({ ...get, path: "/silent", timeout: 200 });
  const seen: string[] = [];
  const read = async () => {
    for await (const bytes of stream) seen.push(String(bytes));
  };
  await expect(read()).rejects.toBeInstanceOf(SilenceError);
  expect(seen).toEqual(["an event\n"]);
});

test("an abort ends a request, and a closed requester every other", async () => {
  const { port } = await apiServer();
  const requester = requesterTo(`https://127.0.0.1:${port}`);
  const reason = new Error("enough");
  await expect(requester.request({ ...get, path: "/silent", signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const waiting = requester.request({ ...get, path: "/silent" });
  await requester.close();
  await expect(waiting).rejects.toThrow("was closed");
});

test("a server that isn't there was sent nothing, and one that can't be trusted is the kubeconfig's fault", async () => {
  const gone = await requesterTo("https://127.0.0.1:1")
    .request(get)
    .catch((error: unknown) => error);
  expect(gone).toBeInstanceOf(ConnectionError);
  expect(gone).toMatchObject({ sent: false });
  const { port } = await apiServer();
  await expect(requesterTo(`https://127.0.0.1:${port}`, {}).request(get)).rejects.toBeInstanceOf(KubeconfigError);
});

test("a request with a fence is refused, as it can't be checked at the socket", async () => {
  const { port, connections } = await apiServer();
  await expect(requesterTo(`https://127.0.0.1:${port}`).request({ ...get, fence: { check() {} } })).rejects.toThrow("by a Transport");
  expect(connections()).toBe(0);
});

test("a proxy of the kubeconfig is gone through, with the client's certificate", async () => {
  const { port } = await apiServer();
  const proxy = await connectProxy({ port });
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const more = { "certificate-authority-data": base64(certificate), "proxy-url": `http://ship:p%40ss@127.0.0.1:${proxy.port}` };
  const requester = requesterTo("https://api.example:6443", more);
  for (let n = 0; n < 2; n += 1) expect(await requester.request(get)).toMatchObject({ user: "localhost" });
  expect(proxy.calls).toEqual([{ target: "api.example:6443", authorization: `Basic ${base64("ship:p@ss")}` }]);
});
