import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { up, type Cluster } from "@plimsoll/cluster";
import { builtin, Cache, gate, isAlreadyExists, isGone, isNotFound, systemClock, Transport, type Clock, type Source } from "@plimsoll/kube";
import { faultyProxy, Replay } from "@plimsoll/kube/testing";
import * as fc from "fast-check";
import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import { afterAll, beforeAll, expect, onTestFailed, onTestFinished, test, vi } from "vitest";

const { declare, allow } = gate(builtin);
const permissions = declare("conformance", [
  allow(["get", "list", "watch", "create", "update", "patch", "delete"], "configmaps", "the objects of the test"),
  allow("create", "namespaces", "a place for them"),
]);
type ConfigMaps = ReturnType<typeof clientOf>;
const clientOf = (transport: Transport) => permissions.client(transport)("configmaps");

let cluster: Cluster;
let direct: Transport;
let configMaps: ConfigMaps;

beforeAll(async () => {
  cluster = await up({ name: `kube-conformance-${process.pid}`, kubelet: false });
  direct = Transport.fromKubeconfig(cluster.kubeconfig);
  configMaps = clientOf(direct);
});

afterAll(async () => {
  await direct?.close();
  await cluster?.down();
});

async function newNamespace(name: string): Promise<string> {
  await permissions
    .client(direct)("namespaces")
    .create({ metadata: { name } })
    .catch((error) => {
      if (!isAlreadyExists(error)) throw error;
    });
  return name;
}

/** Time that runs faster than in life, or most writes would fall into its pauses. */
const hurried: Clock = {
  now: () => systemClock.now() * 20,
  monotonic: () => systemClock.monotonic() * 20,
  sleep: (ms, signal) => systemClock.sleep(ms / 20, signal),
  turn: () => systemClock.turn(),
};

/** A transport whose connections can be broken. */
async function faulty() {
  const proxy = await faultyProxy(new URL(direct.server));
  const kubeconfig = await readFile(cluster.kubeconfig, "utf8");
  const transport = Transport.fromKubeconfig(kubeconfig.replaceAll(direct.server, `https://127.0.0.1:${proxy.port}`), { clock: hurried });
  onTestFinished(async () => {
    await transport.close();
    await proxy[Symbol.asyncDispose]();
  });
  return { proxy, transport };
}

/** Makes etcd forget every version before now, and the API server, whose watch cache knows them too. */
async function compact(namespace: string): Promise<void> {
  const { metadata } = await configMaps.create({ metadata: { namespace, generateName: "now-" } });
  const { urls, ...files } = cluster.etcd;
  const [ca, cert, key] = await Promise.all([files.ca, files.cert, files.key].map((path) => readFile(path)));
  const asking = request(new URL("/v3/kv/compaction", urls.http), { method: "POST", ca, cert, key, agent: false });
  asking.end(JSON.stringify({ revision: metadata.resourceVersion, physical: true }));
  const [answer] = (await once(asking, "response")) as [IncomingMessage];
  const said = await text(answer);
  if (answer.statusCode !== 200) throw new Error(`etcd did not compact: ${said}`);
  await cluster.restart("kube-apiserver");
}

/** A write that finds what it wants to make there, or what it wants to change gone, has nothing to do. */
async function write([verb, name, value]: Write, namespace: string): Promise<void> {
  try {
    if (verb === "create") await configMaps.create({ metadata: { namespace, name, labels: { value } } });
    if (verb === "update") await configMaps.patch({ namespace, name }, { metadata: { labels: { value } } });
    if (verb === "delete") await configMaps.delete({ namespace, name });
  } catch (error) {
    if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
  }
}

interface View {
  key: string;
  uid: string;
  resourceVersion: string;
  value: string;
}

type Write = ["create" | "update" | "delete", string, string];
const someWrite = fc.tuple(
  fc.constantFrom("create" as const, "update" as const, "delete" as const),
  fc.integer({ min: 1, max: 30 }).map((n) => `cm-${n}`),
  fc.constantFrom("red", "green", "blue"),
);
const round = fc.record({
  writes: fc.array(someWrite, { minLength: 20, maxLength: 60 }),
  /** Whether the cache has to catch up before the next round. */
  settle: fc.boolean(),
  meanwhile: fc.oneof(
    { weight: 14, arbitrary: fc.constantFrom("nothing", "cut", "gap") },
    { weight: 1, arbitrary: fc.constantFrom("compacted gap", "restart") }, // Seconds each.
  ),
});

test("under random writes, broken connections, restarts and compaction, the cache ends equal to a fresh list and tells one consistent history", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now());
  onTestFailed(() => console.error(`to have the same writes again: SEED=${seed}`));
  const [rounds] = fc.sample(fc.array(round, { minLength: 15, maxLength: 15 }), { numRuns: 1, seed });
  if (!rounds) throw new Error("no rounds");
  // Whatever chance gives, each of these must have happened.
  for (const meanwhile of ["cut", "compacted gap", "restart"] as const) {
    rounds.push({
      writes: [
        ["create", "cm-1", "red"],
        ["delete", "cm-1", "red"],
      ],
      settle: true,
      meanwhile,
    });
  }

  const namespace = await newNamespace("random-writes");
  const { proxy, transport } = await faulty();
  const watched = clientOf(transport);
  let lists = 0;
  let watches = 0;
  const source: Source<ConfigMap> = {
    pages: (options) => ((lists += 1), watched.pages(options)),
    watch(options) {
      // A watch that begins from nothing lists.
      if (options.resourceVersion === undefined) lists += 1;
      else watches += 1;
      return watched.watch(options);
    },
  };
  const cache = new Cache(source, {
    project: ({ metadata }): View => ({
      key: metadata.name,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      value: metadata.labels?.["value"] ?? "",
    }),
    indexes: { byValue: ({ value }) => [value] },
    select: { namespace },
    clock: hurried,
    // Connections are broken on purpose; what else goes wrong shows where the cache is compared.
    onError: () => {},
  });
  const replay = new Replay<View>();
  cache.on(replay.handler);
  const stop = new AbortController();
  const done = cache.start(stop.signal);
  await cache.synced;

  const caughtUp = () =>
    vi.waitFor(
      async () => {
        const fresh = await Array.fromAsync(
          configMaps.list({ namespace }),
          ({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`,
        );
        expect(Array.from(cache.values(), ({ key, uid, resourceVersion }) => `${key} ${uid} ${resourceVersion}`).toSorted()).toEqual(
          fresh.toSorted(),
        );
      },
      { timeout: 120_000, interval: 20 },
    );

  for (const { writes, settle, meanwhile } of rounds) {
    const middle = Math.floor(writes.length / 2);
    if (meanwhile.endsWith("gap")) proxy.close();
    await Promise.all(writes.slice(0, middle).map((each) => write(each, namespace)));
    if (meanwhile === "cut") proxy.cut();
    if (meanwhile === "restart") await cluster.restart("kube-apiserver");
    if (meanwhile === "compacted gap") {
      await compact(namespace);
    }
    await Promise.all(writes.slice(middle).map((each) => write(each, namespace)));
    proxy.open();
    if (settle) await caughtUp();
  }
  await caughtUp();

  expect(lists).toBeGreaterThan(1); // A gap was compacted.
  expect(watches).toBeGreaterThan(0); // A broken watch was resumed.
  expect(replay.faults).toEqual([]);
  const cached = [...cache.values()];
  expect(new Set(replay.objects.values())).toEqual(new Set(cached));
  for (const value of ["red", "green", "blue"]) {
    expect(new Set(cache.by("byValue", value))).toEqual(new Set(cached.filter((object) => object.value === value)));
  }
  stop.abort();
  await done;
}, 600_000);

test("a list whose versions were compacted between two pages goes on at a newer moment, or says that it is gone", async () => {
  const namespace = await newNamespace("compacted-list");
  const names = ["a", "b", "c", "d", "e"];
  for (const name of names) await configMaps.create({ metadata: { namespace, name } });

  const listed = async (expired: "fail" | "continue") => {
    const found: string[] = [];
    for await (const page of configMaps.pages({ namespace, limit: 2, expired, fieldSelector: "metadata.name!=kube-root-ca.crt" })) {
      found.push(...page.items.map(({ metadata }) => metadata.name));
      if (found.length > 2) continue;
      await compact(namespace);
    }
    return found.filter((name) => !name.startsWith("now-"));
  };
  expect(await listed("continue")).toEqual(names);
  await expect(listed("fail")).rejects.toSatisfy(isGone);
});

test("a watch from a version that was compacted is gone", async () => {
  const namespace = await newNamespace("compacted-watch");
  const { metadata } = await configMaps.create({ metadata: { namespace, name: "a" } });
  await configMaps.delete({ namespace, name: "a" });
  await compact(namespace);
  const watch = configMaps.watch({ namespace, resourceVersion: metadata.resourceVersion, timeoutSeconds: 5 });
  await expect(Array.fromAsync(watch)).rejects.toSatisfy(isGone);
});

test("a watch resumed from a bookmark or an event misses nothing and repeats nothing", async () => {
  const namespace = await newNamespace("resumed-watch");
  let {
    metadata: { resourceVersion },
  } = await configMaps.create({ metadata: { namespace, name: "start" } });
  const written: string[] = [];
  const seen: string[] = [];
  for (let n = 0; n < 10; n++) {
    for (const step of [0, 1]) {
      const { metadata } = await configMaps.create({ metadata: { namespace, name: `cm-${n}-${step}` } });
      written.push(metadata.name);
    }
    // The controller manager makes that one in each namespace, now or later.
    for await (const event of configMaps.watch({ namespace, resourceVersion, fieldSelector: "metadata.name!=kube-root-ca.crt" })) {
      if (event.type !== "BOOKMARK") seen.push(event.object.metadata.name);
      resourceVersion = event.object.metadata.resourceVersion;
      if (seen.length === written.length - 1) break; // Always one short, so that the next watch has to bring it.
    }
  }
  expect(seen).toEqual(written.slice(0, -1));
});
