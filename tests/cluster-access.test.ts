// A cluster in a home folder with any letters in its path: it is up, and closed to who may not be in.
import { execFileSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { cacheFolder, canRunContainers, up, type Cluster } from "@plimsoll/cluster";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { asUser, connect, container, started } from "./support/local-cluster.ts";

const real = canRunContainers();
let parent: string;
let cluster: Cluster;
let ports: Record<string, number>;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), "plimsoll-home-"));
  const home = join(parent, `o'brien "$HOME" 50% \\ü,{$PATH}:#`);
  mkdirSync(home);
  symlinkSync(cacheFolder(), join(home, "cache"));
  vi.stubEnv("PLIMSOLL_HOME", home);
  vi.stubEnv("PLIMSOLL_CACHE", join(home, "cache"));
  cluster = await up({ name: started("odd"), kubelet: real, simulatedNodes: 1 });
  ({ ports } = JSON.parse(readFileSync(join(cluster.folder, "cluster.json"), "utf8")) as { ports: Record<string, number> });
});

afterAll(async () => {
  await cluster?.down();
  rmSync(parent, { recursive: true });
});

/** What the kubeconfig of a cluster's administrator authenticates with. */
function administrator({ kubeconfig }: Cluster): { cert: string; key: string } {
  const { users } = parse(readFileSync(kubeconfig, "utf8")) as { users: [{ user: Record<string, string> }] };
  const data = (name: string): string => Buffer.from(users[0].user[`${name}-data`] ?? "", "base64").toString();
  return { cert: data("client-certificate"), key: data("client-key") };
}

test.runIf(real)("a pod runs there, with a volume and names", async () => {
  const { client, run, nodes, close } = connect(cluster);
  expect(await nodes()).toEqual(["kwok-0", "node-0"]);
  await client("persistentvolumeclaims").create({
    metadata: { namespace: "default", name: "odd" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  const script = "echo written > /odd/file; nslookup kubernetes.default.svc.cluster.local";
  const { phase, log } = await run("odd", {
    securityContext: asUser,
    volumes: [{ name: "odd", persistentVolumeClaim: { claimName: "odd" } }],
    containers: [{ ...container("busybox", "sh", "-ec", script), volumeMounts: [{ name: "odd", mountPath: "/odd", subPath: "below" }] }],
  });
  expect({ phase, log }).toEqual({ phase: "Succeeded", log: expect.stringContaining("10.96.0.1") });
  const [volume = ""] = readdirSync(join(cluster.folder, "volumes"));
  expect(readFileSync(join(cluster.folder, "volumes", volume, "below/file"), "utf8")).toBe("written\n");
  await close();
});

interface Credentials {
  cert?: string;
  key?: string;
}

/** Resolves when what listens there says anything to who has these credentials. @throws what ends the connection, when it doesn't. */
async function heard(address: keyof Cluster["etcd"]["urls"], credentials: Credentials): Promise<void> {
  const { urls, ca } = cluster.etcd;
  const { hostname, port } = new URL(urls[address]);
  // The beginning of HTTP/2, which is gRPC's too; the peers' is HTTP/1.1, and calls it wrong.
  const hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
  const ALPNProtocols = address === "peer" ? [] : ["h2"];
  const socket = connectTls({ host: hostname, port: Number(port), ca: readFileSync(ca), ALPNProtocols, ...credentials });
  try {
    socket.write(hello);
    await Promise.race([once(socket, "data"), once(socket, "end").then(() => Promise.reject(new Error("closed without a word")))]);
  } finally {
    socket.destroy();
  }
}

test.each(["grpc", "http", "peer"] as const)(
  "etcd, at its %s address, hears the API server, and nobody without a certificate or with one of the cluster's",
  async (address) => {
    const { cert, key, urls } = cluster.etcd;
    await heard(address, { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") });
    for (const stranger of [{}, administrator(cluster)]) await expect(heard(address, stranger)).rejects.toThrow(/alert|ECONNRESET|closed/);
    await expect(fetch(urls[address].replace("https", "http"))).rejects.toThrow("fetch failed");
  },
);

/** The files of a folder that hold a secret. @throws ENOENT, when what runs there takes one away meanwhile. */
function secretsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith("node/containerd/"))
    .map((path) => join(folder, path))
    .filter((path) => lstatSync(path).isFile() && /PRIVATE KEY|client-key-data|token: /.test(readFileSync(path, "latin1")));
}

test("keys, tokens and kubeconfigs are for their owner alone, in a folder that is too", async () => {
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  const secret = await vi.waitFor(() => secretsBelow(cluster.folder), { timeout: 120_000 });
  expect(secret.length).toBeGreaterThan(15);
  expect(secret.filter((path) => mode(path) !== "600")).toEqual([]);
  expect(["", "..", "pki", "etcd", "../.locks"].map((path) => mode(join(cluster.folder, path)))).toEqual(Array(5).fill("700"));
});

test.runIf(real)("of what listens, nothing tells or does anything for who can't say who they are", async () => {
  const address = `10.213.${readFileSync(join(cluster.folder, "slot"), "utf8")}`;
  const pids = cluster.components.map(cluster.pid);
  const listeners = (command: string, ...args: string[]): string[] =>
    execFileSync(command, [...args, "ss", "-Hlnptu"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => pids.some((pid) => line.includes(`pid=${pid},`)))
      .map((line) => line.split(/\s+/))
      .map(([protocol, , , , local, , process]) => `${/"(.+?)"/.exec(process ?? "")?.[1]} ${protocol} ${local}`)
      .sort();
  expect(listeners("env")).toEqual([
    `coredns tcp ${address}.1:${ports["dns"]}`,
    `coredns udp ${address}.1:${ports["dns"]}`,
    ...[ports["etcd"], ports["etcdHttp"], ports["etcdPeer"]].sort().map((port) => `etcd tcp 127.0.0.1:${port}`),
    `kube-apiserver tcp ${address}.1:${ports["apiserver"]}`,
    `kube-controller tcp 127.0.0.1:${ports["controllerManager"]}`,
    `kube-scheduler tcp 127.0.0.1:${ports["scheduler"]}`,
  ]);
  // What listens at 127.0.0.1 of the node can be reached in the node alone.
  expect(listeners("nsenter", `--net=/proc/${cluster.pid("kubelet")}/ns/net`, "--")).toEqual([
    expect.stringMatching(/^containerd tcp 127\.0\.0\.1:/),
    "kube-proxy tcp *:10256",
    "kube-proxy tcp 127.0.0.1:10249",
    `kubelet tcp ${address}.2:10250`,
  ]);
  const refused = async (url: string): Promise<boolean> => {
    const [answer] = await once(request(url, { rejectUnauthorized: false, agent: false }).end(), "response");
    answer.resume();
    return [401, 403].includes(answer.statusCode);
  };
  const control = [`${address}.1:${ports["apiserver"]}`, `127.0.0.1:${ports["controllerManager"]}`, `127.0.0.1:${ports["scheduler"]}`];
  const urls = [
    ...control.flatMap((host) => ["/", "/metrics", "/configz", "/debug/pprof/"].map((path) => `https://${host}${path}`)),
    ...["/pods", "/healthz", "/metrics", "/run/a/b/c"].map((path) => `https://${address}.2:10250${path}`),
  ];
  for (const url of urls) expect([url, await refused(url)]).toEqual([url, true]);
  expect((await fetch(`http://${address}.2:10256/metrics`)).status).toBe(404);
  const resolver = new Resolver();
  resolver.setServers([`${address}.1:${ports["dns"]}`]);
  await expect(resolver.resolve4("kube-dns.kube-system.svc.cluster.local")).rejects.toMatchObject({ code: "EREFUSED" });
});
