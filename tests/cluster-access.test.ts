// A cluster in a home folder with any letters in its path: it is up, and closed to who may not be in.
import { execFileSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder, canRunContainers, up, type Cluster } from "@plimsoll/cluster";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { askEtcd } from "./support/etcd.ts";
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

test("etcd lets the API server in, and nobody without a certificate, or with one of the cluster's", async () => {
  const everything = { key: "AA==", range_end: "AA==", limit: 1 };
  expect(JSON.parse(await askEtcd(cluster, "/v3/kv/range", everything))).toMatchObject({ kvs: [{}] });
  for (const url of [cluster.etcd.url, `https://127.0.0.1:${ports["etcdPeer"]}`]) {
    const there = { ...cluster, etcd: { ...cluster.etcd, url } };
    await expect(fetch(`${url.replace("https", "http")}/version`)).rejects.toThrow("fetch failed");
    for (const as of [{}, administrator(cluster)])
      await expect(askEtcd(there, "/v3/kv/range", everything, as)).rejects.toMatchObject({
        code: expect.stringMatching(/ECONNRESET|EPIPE|ERR_SSL_/),
      });
  }
});

test("keys, tokens and kubeconfigs are for their owner alone, in a folder that is too", () => {
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  const secret = readdirSync(cluster.folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith("node/containerd/"))
    .map((path) => join(cluster.folder, path))
    .filter((path) => lstatSync(path).isFile() && /PRIVATE KEY|client-key-data|token: /.test(readFileSync(path, "latin1")));
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
    ...[ports["etcd"], ports["etcdPeer"]].sort().map((port) => `etcd tcp 127.0.0.1:${port}`),
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
