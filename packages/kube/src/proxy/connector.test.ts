import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { expect, onTestFinished, test, vi } from "vitest";
import { certificate, privateKey } from "../../testing/certificate.ts";
import { connectProxy } from "../../testing/connect-proxy.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { json, kubeconfig, scriptedServer } from "../../testing/scripted-server.ts";
import { socksProxy } from "../../testing/socks-proxy.ts";
import { ConnectionError } from "../errors.ts";
import { KubeconfigError } from "../auth/kubeconfig-error.ts";
import type { ApiRequest } from "../transport/api-request.ts";
import { Transport } from "../transport/transport.ts";
import { parseProxy } from "./proxy.ts";
import { tunnel } from "./tunnel.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const get: ApiRequest = { method: "GET", path: "/api/v1/pods" };
const post: ApiRequest = { method: "POST", path: "/api/v1/pods", body: {} };
/** One after another; of two in a row, undici may send the second on a new connection, while the first's isn't yet free. */
const requests = [get, post, get, post, get];

/** An API server that lets nobody in without a certificate, and says to whom it belongs. */
async function apiServer(): Promise<number> {
  const server: Server = createServer({ cert: certificate, key: privateKey, ca: certificate, requestCert: true }, (request, response) => {
    const socket = request.socket as TLSSocket;
    if (request.url?.includes("watch")) return response.write("an event\n");
    return response.end(JSON.stringify({ user: socket.getPeerCertificate().subject.CN }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** By a name that only the proxy knows. */
const cluster = { "tls-server-name": "localhost", "certificate-authority-data": base64(certificate) };
const user = { "client-certificate-data": base64(certificate), "client-key-data": base64(privateKey) };

function transportBy(proxyUrl: string | undefined, { server = "https://api.example:6443", more = cluster as object } = {}) {
  const clock = new FakeClock();
  const transport = Transport.fromKubeconfig(kubeconfig(server, user, { ...more, "proxy-url": proxyUrl }), { clock, random: () => 0 });
  onTestFinished(() => transport.close());
  return { transport, clock };
}

async function viaConnect(options: Partial<Parameters<typeof connectProxy>[0]> = {}) {
  const proxy = await connectProxy({ port: await apiServer(), ...options });
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return proxy;
}

test("requests and a watch go through an HTTP proxy, with the client's certificate, on connections that are kept", async () => {
  const proxy = await viaConnect();
  const { transport } = transportBy(`http://ship:p%40ss@127.0.0.1:${proxy.port}`);
  for (const request of requests) expect(await transport.request(request)).toEqual({ user: "localhost" });
  const tunnels = proxy.calls.length;
  expect(tunnels).toBeLessThan(3);
  const stream = await transport.stream({ ...get, query: { watch: true } });
  for await (const bytes of stream) {
    expect(String(bytes)).toBe("an event\n");
    break;
  }
  expect(proxy.calls).toHaveLength(tunnels + 1);
  for (const call of proxy.calls) expect(call).toEqual({ target: "api.example:6443", authorization: `Basic ${base64("ship:p@ss")}` });
});

test("a closed transport leaves no tunnel", async () => {
  const proxy = await viaConnect();
  const { transport } = transportBy(`http://127.0.0.1:${proxy.port}`);
  await transport.request(get);
  expect(proxy.ends).toBe(2);
  await transport.close();
  await expect.poll(() => proxy.ends).toBe(0);
});

test("the environment's proxy is used", async () => {
  const proxy = await viaConnect();
  vi.stubEnv("https_proxy", `127.0.0.1:${proxy.port}`);
  vi.stubEnv("no_proxy", "other.example");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { transport } = transportBy(undefined);
  await transport.request(get);
  expect(proxy.calls).toEqual([{ target: "api.example:6443", authorization: undefined }]);
});

test("a server without TLS is reached by a tunnel, too", async () => {
  const server = await scriptedServer(json({ ok: true }));
  const proxy = await connectProxy({ port: server.port });
  const { transport } = transportBy(`http://127.0.0.1:${proxy.port}`, { server: "http://[fd00::1]" });
  expect(await transport.request(get)).toEqual({ ok: true });
  expect(proxy.calls).toMatchObject([{ target: "[fd00::1]:80" }]);
  await transport.close();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test.each([
  ["407 Proxy Authentication Required", "give it a user and password that it knows, as in http://USER:PASSWORD@HOST:PORT"],
  ["403 Forbidden", "let it connect to this host and port, or leave it out for them by NO_PROXY"],
])("a proxy that refuses by %s is named, without its password, and is not asked again", async (refusal, advice) => {
  const proxy = await viaConnect({ refusals: [refusal] });
  const { transport, clock } = transportBy(`http://ship:secret@127.0.0.1:${proxy.port}`);
  const error: unknown = await transport.request(get).catch((error: unknown) => error);
  expect(error).toEqual(
    new KubeconfigError(
      `GET /api/v1/pods: no way to https://api.example:6443: the proxy http://127.0.0.1:${proxy.port} refuses to connect to api.example:6443: ${refusal}: ${advice}`,
      expect.anything(),
    ),
  );
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("secret");
  expect(clock.slept).toEqual([]);
});

test("a proxy that fails is asked again, for any verb, and is named at last", async () => {
  const proxy = await viaConnect({ refusals: ["502 Bad Gateway"] });
  const { transport, clock } = transportBy(`http://127.0.0.1:${proxy.port}`);
  const answer = transport.request(post);
  await expect.poll(() => clock.sleepers).toBe(1);
  await clock.advance(100);
  expect(await answer).toMatchObject({ user: "localhost" });

  const broken = await viaConnect({ refusals: Array.from({ length: 6 }, () => "502 Bad Gateway") });
  const second = transportBy(`http://127.0.0.1:${broken.port}`);
  const outcome = second.transport.request(post).catch((error: unknown) => error);
  for (let n = 0; n < 5; n++) {
    await expect.poll(() => second.clock.sleepers).toBe(1);
    await second.clock.advance(100 * 2 ** n);
  }
  const error = await outcome;
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({
    message: `POST /api/v1/pods: no way to https://api.example:6443: the proxy http://127.0.0.1:${broken.port} refuses to connect to api.example:6443: 502 Bad Gateway`,
    sent: false,
  });
});

test("a server behind a proxy is trusted by its own certificate alone", async () => {
  const proxy = await viaConnect();
  const { transport } = transportBy(`http://127.0.0.1:${proxy.port}`, { more: { "tls-server-name": "localhost" } });
  await expect(transport.request(get)).rejects.toThrow(/https:\/\/api.example:6443 and the kubeconfig's certificates do not fit/);
});

test("a proxy may be spoken to by TLS, where its certificate is trusted", async () => {
  const proxy = await viaConnect({ secure: true });
  const url = `https://ship:secret@localhost:${proxy.port}`;
  expect(await transportBy(url).transport.request(get)).toMatchObject({ user: "localhost" });
  expect(proxy.calls).toMatchObject([{ authorization: `Basic ${base64("ship:secret")}` }]);

  const { transport, clock } = transportBy(url, { more: {} });
  const error: unknown = await transport.request(get).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(KubeconfigError);
  expect(String(error)).toMatch(
    /the proxy https:\/\/localhost:\d+ has a certificate that cannot be trusted: self-signed certificate.*; name its authority in NODE_EXTRA_CA_CERTS$/,
  );
  expect(clock.slept).toEqual([]);
});

async function listener(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer(onConnection).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const target = { hostname: "api.example", port: 6443 };

test.each(["http", "socks5"])("a proxy (%s) that is silent, closes, or isn't there is named with the reason", async (scheme) => {
  const via = async (port: number) => tunnel(parseProxy(`${scheme}://u:secret@127.0.0.1:${port}`, ""), target, { timeout: 200 });
  const silent = await listener((socket) => socket.resume());
  await expect(via(silent)).rejects.toThrow(`the proxy ${scheme}://127.0.0.1:${silent} cannot be used: no tunnel after 0.2 s`);
  const closing = await listener((socket) => socket.resume().end());
  await expect(via(closing)).rejects.toThrow(/cannot be used: (it closed the connection|socket hang up)/);
  await expect(via(1)).rejects.toThrow("cannot be used: connect ECONNREFUSED 127.0.0.1:1");
});

async function viaSocks(options: Partial<Parameters<typeof socksProxy>[0]> = {}) {
  const proxy = await socksProxy({ port: await apiServer(), ...options });
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return proxy;
}

test.each([
  ["https://api.example:6443", "3 api.example 6443"],
  ["https://10.1.2.255", "1 0a0102ff 443"],
  ["https://[fd00::1:ff]:6443", "4 fd0000000000000000000000000100ff 6443"],
])("%s is reached through a SOCKS 5 proxy", async (server, asked) => {
  const proxy = await viaSocks({ login: "ship:p@ss" });
  const { transport } = transportBy(`socks5://ship:p%40ss@127.0.0.1:${proxy.port}`, { server });
  for (const request of requests) expect(await transport.request(request)).toEqual({ user: "localhost" });
  expect(proxy.targets.length).toBeLessThan(3);
  for (const target of proxy.targets) expect(target).toBe(asked);
});

test("a SOCKS 5 proxy needs no login where it wants none", async () => {
  const proxy = await viaSocks();
  for (const login of ["", "ship:secret@"])
    expect(await transportBy(`socks5://${login}127.0.0.1:${proxy.port}`).transport.request(get)).toMatchObject({ user: "localhost" });
});

test.each([
  ["refuses to connect to api.example:6443: not allowed by its rules", true, "ship:secret", { login: "ship:secret", reply: 2 }],
  ["refuses to connect to api.example:6443: connection refused", false, "ship:secret", { login: "ship:secret", reply: 5 }],
  ["refuses the user and password that its URL has", true, "ship:wrong", { login: "ship:secret" }],
  ["wants a login: give it one, as in socks5://USER:PASSWORD@HOST:PORT", true, "", { login: "ship:secret" }],
  [
    "cannot be used: SOCKS 5 has room for 255 bytes of a user, a password and a host",
    false,
    `ship:${"x".repeat(256)}`,
    { login: "ship:x" },
  ],
])("a SOCKS 5 proxy that %s is named", async (reason, lasting, login, options) => {
  const proxy = await viaSocks(options);
  const tunnelled = tunnel(parseProxy(`socks5://${login}@127.0.0.1:${proxy.port}`, ""), target, { timeout: 10_000 });
  await expect(tunnelled).rejects.toMatchObject({ message: `the proxy socks5://127.0.0.1:${proxy.port} ${reason}`, lasting });
});

test("what is no SOCKS 5 proxy is said to be none", async () => {
  const port = await listener((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const tunnelled = tunnel(parseProxy(`socks5://127.0.0.1:${port}`, ""), target, { timeout: 10_000 });
  await expect(tunnelled).rejects.toMatchObject({ message: `the proxy socks5://127.0.0.1:${port} does not speak SOCKS 5`, lasting: true });
});
