import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { certificate, privateKey } from "../../testing/certificate.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { cut, failure, json, kubeconfig, scriptedServer } from "../../testing/scripted-server.ts";
import type { Clock } from "../clock/clock.ts";
import { ConnectionError, SilenceError } from "../errors.ts";
import { FairLimiter } from "../flowcontrol/fair-limiter.ts";
import { KubeconfigError } from "../auth/kubeconfig-error.ts";
import { Transport, type TransportOptions } from "./transport.ts";

/** Time that passes at once when somebody sleeps. */
function hurriedClock() {
  const clock = new FakeClock(Date.now());
  const hurried: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    turn: () => clock.turn(),
    async sleep(ms, signal) {
      const slept = clock.sleep(ms, signal);
      await clock.advance(ms);
      await slept;
    },
  };
  return { hurried, clock };
}

async function trial({ user, ...options }: TransportOptions & { user?: object } = {}, ...answers: Parameters<typeof scriptedServer>) {
  const server = await scriptedServer(...answers);
  const { hurried, clock } = hurriedClock();
  const transport = Transport.fromKubeconfig(server.kubeconfig(user), { clock: hurried, random: () => 0, ...options });
  onTestFinished(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });
  const authorizations = () => server.requests.map(({ headers }) => headers.authorization);
  return { server, transport, clock, authorizations };
}

const get = { method: "GET", path: "/api/v1/pods" } as const;
const post = { method: "POST", path: "/api/v1/pods", body: {} } as const;

test("a 429 is waited out for as long as the server says, for any verb", async () => {
  const { transport, clock } = await trial({}, failure(429, "TooManyRequests", { "retry-after": "7" }), json({ ok: true }, 201));
  expect(await transport.request(post)).toEqual({ ok: true });
  expect(clock.slept).toEqual([7000]);
});

test("a POST that got a 429 is sent again whole, nine times at most, and then the error is the caller's", async () => {
  const { transport, clock, server } = await trial({}, failure(429, "TooManyRequests", { "retry-after": "1" }));
  const body = { metadata: { name: "a" } };
  await expect(transport.request({ ...post, body })).rejects.toMatchObject({ code: 429, retryAfter: 1 });
  expect(clock.slept).toEqual(Array.from({ length: 9 }, () => 1_000));
  const sent = { "content-type": "application/json", "content-length": `${JSON.stringify(body).length}` };
  expect(server.requests).toHaveLength(10);
  for (const { headers } of server.requests) expect(headers).toMatchObject(sent);
});

test("each plea to be left alone is told, for two minutes at most, and nothing that is none", async () => {
  const told: number[] = [];
  const { transport } = await trial(
    { onRetryAfter: (seconds) => told.push(seconds) },
    failure(429, "TooManyRequests", { "retry-after": "7" }),
    failure(429, "TooManyRequests", { "retry-after": "3" }),
    json({}),
    failure(503, "ServiceUnavailable", { "retry-after": "2" }),
    failure(429, "TooManyRequests", { "retry-after": "9".repeat(400) }),
    failure(429, "TooManyRequests", { "retry-after": "0" }),
    failure(429, "TooManyRequests"),
    failure(500, "InternalError", { "retry-after": "5" }),
  );
  await transport.request(post);
  for (const code of [503, 429, 429, 500]) await expect(transport.request(post)).rejects.toMatchObject({ code });
  expect(told).toEqual([7, 3, 2, 120]);
});

test("one request's 429 can hold back all that take their tokens from one limiter", async () => {
  const clock = new FakeClock();
  const limiter = new FairLimiter({ qps: 100, burst: 100, clock });
  const { transport } = await trial(
    { clock, onRetryAfter: (seconds) => limiter.pause(seconds) },
    failure(429, "TooManyRequests", { "retry-after": "7" }),
    json({}),
  );
  const request = transport.request(post);
  await expect.poll(() => clock.sleepers).toBe(1);
  let passed = false;
  const other = limiter.acquire("other").then(() => (passed = true));
  await clock.advance(6_999);
  expect(passed).toBe(false);
  await clock.advance(1);
  await Promise.all([request, other]);
});

test("a request that is to be sent once is, but for a refused token", async () => {
  const { transport, server } = await trial({ user: { token: "bad" } }, failure(401, "Unauthorized"), failure(503, "ServiceUnavailable"));
  await expect(transport.request({ ...get, once: true })).rejects.toMatchObject({ code: 503 });
  expect(server.requests).toHaveLength(2);
});

test("an answer that was cut is asked for again by a GET, never by a POST", async () => {
  const { transport } = await trial({}, cut('{"half":'), json({ ok: true }));
  expect(await transport.request(get)).toEqual({ ok: true });

  const second = await trial({}, cut('{"half":'), json({ ok: true }));
  await expect(second.transport.request(post)).rejects.toThrow(ConnectionError);
  expect(second.server.requests).toHaveLength(1);
});

test("a POST goes again while nothing listens, and the error at last names the server", async () => {
  const server = await scriptedServer(json({}));
  await server[Symbol.asyncDispose]();
  const { hurried, clock } = hurriedClock();
  const transport = Transport.fromKubeconfig(server.kubeconfig(), { clock: hurried, random: () => 0 });
  await expect(transport.request(post)).rejects.toThrow(
    `POST /api/v1/pods: no answer from http://127.0.0.1:${server.port}: connect ECONNREFUSED`,
  );
  expect(clock.slept).toEqual([100, 200, 400, 800, 1600]);
});

test("an abort ends a wait at once, with the signal's reason", async () => {
  const { transport } = await trial({ clock: new FakeClock() }, failure(429, "TooManyRequests", { "retry-after": "7" }));
  const stop = new AbortController();
  const request = transport.request({ ...get, signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(request).rejects.toThrow("enough");
});

test("an answer that takes too long is a ConnectionError, and a stream that falls silent a SilenceError", async () => {
  const { transport } = await trial({}, (response) => response.writeHead(200).write('{"a'));
  await expect(transport.request({ ...post, timeout: 50 })).rejects.toThrow(ConnectionError);
  const bytes = await transport.stream({ ...get, timeout: 50 });
  await expect(Array.fromAsync(bytes)).rejects.toThrow(new SilenceError("GET /api/v1/pods: nothing came for 0.05 s", true));
});

test("an error carries the Status's reason; one from a proxy, the reason of its code", async () => {
  const { transport } = await trial({}, failure(409, "AlreadyExists"), (response) => response.writeHead(403).end("no entry"));
  await expect(transport.request(post)).rejects.toMatchObject({
    code: 409,
    reason: "AlreadyExists",
    message: "POST /api/v1/pods: 409 AlreadyExists: because AlreadyExists",
  });
  await expect(transport.request(post)).rejects.toMatchObject({
    code: 403,
    reason: "Forbidden",
    message: "POST /api/v1/pods: 403 Forbidden: no entry",
  });
});

test("every answer is told before the caller sees it, failures too", async () => {
  const told: unknown[] = [];
  const { transport, server } = await trial(
    { onResponse: (response) => told.push(response), userAgent: "ship/1" },
    failure(503, "ServiceUnavailable"),
    json({}),
  );
  await transport.request(get);
  expect(told).toEqual([
    { method: "GET", path: "/api/v1/pods", status: 503 },
    { method: "GET", path: "/api/v1/pods", status: 200 },
  ]);
  expect(server.requests[0]?.headers["user-agent"]).toBe("ship/1");
});

test("a closed transport fails what is under way and opens no connection again", async () => {
  const { transport, server } = await trial({}, () => transport.close());
  await expect(transport.request(get)).rejects.toThrow("was closed");
  await expect(transport.request(get)).rejects.toThrow("was closed");
  expect(server.requests).toHaveLength(1);
});

test("a closed transport waits for no other attempt", async () => {
  const clock = new FakeClock();
  const { transport } = await trial({ clock }, failure(503, "ServiceUnavailable"));
  const outcome = transport.request(get).catch(String);
  await expect.poll(() => clock.sleepers).toBe(1);
  await transport.close();
  expect(await outcome).toContain("was closed");
});

test("a closed transport ends also what began with former certificates", async () => {
  const server = await scriptedServer((response) => response.writeHead(200).write("a line"));
  const ca = join(await folder(), "ca.crt");
  await writeFile(ca, "one");
  const clock = new FakeClock();
  const transport = Transport.fromKubeconfig(kubeconfig(`http://127.0.0.1:${server.port}`, {}, { "certificate-authority": ca }), { clock });
  const first = await transport.stream(get);
  await writeFile(ca, "two");
  await clock.advance(60_000);
  const second = await transport.stream(get);
  await transport.close();
  for (const stream of [first, second]) await expect(Array.fromAsync(stream)).rejects.toThrow(ConnectionError);
  await server[Symbol.asyncDispose]();
});

test("a certificate that is not trusted is said to be the matter, and is not tried again", async () => {
  const server = createServer({ cert: certificate, key: privateKey }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { hurried, clock } = hurriedClock();
  const transport = Transport.fromKubeconfig(kubeconfig(`https://127.0.0.1:${port}`), { clock: hurried });
  onTestFinished(() => transport.close());
  const error: unknown = await transport.request(get).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(KubeconfigError);
  expect(String(error)).toMatch(
    /^KubeconfigError: GET \/api\/v1\/pods: https:\/\/127.0.0.1:\d+ and the kubeconfig's certificates do not fit: .+; check certificate-authority, tls-server-name and client-certificate$/,
  );
  expect(clock.slept).toEqual([]);
});

test("a header that cannot be sent is not tried again", async () => {
  const { transport, clock } = await trial({ userAgent: "a\nb" }, json({}));
  await expect(transport.request(get)).rejects.toThrow("invalid user-agent header");
  expect(clock.slept).toEqual([]);
});

test("a path in the server's address stands before every path", async () => {
  const server = await scriptedServer(json({}));
  const transport = Transport.fromKubeconfig(kubeconfig(`http://127.0.0.1:${server.port}/k8s/clusters/one/`));
  await transport.request({ ...get, query: { limit: 5, labelSelector: "a=b,c", continue: undefined } });
  expect(server.requests[0]?.call).toBe("GET /k8s/clusters/one/api/v1/pods?limit=5&labelSelector=a%3Db%2Cc");
  await transport.close();
  await server[Symbol.asyncDispose]();
});

async function folder() {
  const path = await mkdtemp(join(tmpdir(), "plimsoll-kube-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("a mounted token is read again after a minute, and at once when the server refuses it", async () => {
  const tokenFile = join(await folder(), "token");
  await writeFile(tokenFile, "one\n");
  const { transport, clock, authorizations } = await trial(
    { user: { tokenFile } },
    json({}),
    json({}),
    json({}),
    failure(401, "Unauthorized"),
    json({}),
  );
  await transport.request(get);
  await writeFile(tokenFile, "two");
  await transport.request(get);
  await clock.advance(60_000);
  await transport.request(get);
  await writeFile(tokenFile, "three");
  await transport.request(post);
  expect(authorizations()).toEqual(["Bearer one", "Bearer one", "Bearer two", "Bearer two", "Bearer three"]);
});

test("a token that is refused only on a later attempt is read again, too", async () => {
  const tokenFile = join(await folder(), "token");
  await writeFile(tokenFile, "one");
  const { transport, authorizations } = await trial(
    { user: { tokenFile } },
    cut("{"),
    (response, request) => void writeFile(tokenFile, "two").then(() => failure(401, "Unauthorized")(response, request)),
    json({}),
  );
  await transport.request(get);
  expect(authorizations()).toEqual(["Bearer one", "Bearer one", "Bearer two"]);
});

test("a user may act as another, in all that is known of that one", async () => {
  const user = { as: "bob", "as-uid": "7", "as-groups": ["g1", "g2"], "as-user-extra": { "acme.io/scope (all)": ["x", "y"], none: [] } };
  const { transport, server } = await trial({ user }, json({}));
  await transport.request(get);
  expect(server.requests[0]?.headers).toMatchObject({
    "impersonate-user": "bob",
    "impersonate-uid": "7",
    "impersonate-group": "g1, g2",
    "impersonate-extra-acme.io%2fscope%20%28all%29": "x, y",
  });
});

test("a token that stays refused is the caller's error", async () => {
  const { transport, server } = await trial({ user: { token: "bad" } }, failure(401, "Unauthorized"));
  await expect(transport.request(get)).rejects.toMatchObject({ reason: "Unauthorized" });
  expect(server.requests).toHaveLength(2);
});

/** A credential plugin that counts its runs in its tokens; `expires` is a time that date(1) understands. */
async function plugin(expires: string) {
  const path = join(await folder(), "plugin");
  const script = `#!/bin/sh
set -e
case "$KUBERNETES_EXEC_INFO" in *ExecCredential*) ;; *) echo "no KUBERNETES_EXEC_INFO" >&2; exit 1 ;; esac
echo run >> "${path}.runs"
cat <<JSON
{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1", "status": {
  "token": "$PREFIX-$1-$(wc -l < "${path}.runs" | tr -d ' ')", "expirationTimestamp": "$(date -u -d '${expires}' +%Y-%m-%dT%H:%M:%SZ)"}}
JSON
`;
  await writeFile(path, script, { mode: 0o755 });
  return { exec: { apiVersion: "client.authentication.k8s.io/v1", command: path, args: ["arg"], env: [{ name: "PREFIX", value: "pre" }] } };
}

test("a credential plugin is asked once by many requests, and again when what it gave is refused", async () => {
  const { transport, authorizations } = await trial(
    { user: await plugin("+1 hour") },
    json({}),
    json({}),
    failure(401, "Unauthorized"),
    json({}),
  );
  await Promise.all([transport.request(get), transport.request(get)]);
  await transport.request(get);
  expect(authorizations()).toEqual(["Bearer pre-arg-1", "Bearer pre-arg-1", "Bearer pre-arg-1", "Bearer pre-arg-2"]);
});

test("a credential plugin is asked again when what it gave has expired", async () => {
  const { transport, authorizations } = await trial({ user: await plugin("-1 hour") }, json({}));
  await transport.request(get);
  await transport.request(get);
  expect(authorizations()).toEqual(["Bearer pre-arg-1", "Bearer pre-arg-2"]);
});

test("a credential plugin that is not there is named, with its own hint on how to get it", async () => {
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-plugin", installHint: "Install it from the harbour." };
  const { transport } = await trial({ user: { exec } }, json({}));
  await expect(transport.request(get)).rejects.toThrow(
    'the credential plugin "no-such-plugin" failed: spawn no-such-plugin ENOENT\nInstall it from the harbour.',
  );
});
