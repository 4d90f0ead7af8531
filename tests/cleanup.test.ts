import { failure, inFrontOf, startMoto, type Answer, type Front, type Moto } from "@plimsoll/cloud/testing";
import { up, type Cluster } from "@plimsoll/cluster";
import { Host } from "@plimsoll/controller";
import { cleanup } from "@plimsoll/features/cleanup";
import { ApiError, ConnectionError, systemClock, Transport, type Sender } from "@plimsoll/kube";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { deadNodes, type DeadNodes } from "./support/dead-nodes.ts";
import { started } from "./support/local-cluster.ts";

type Request = Parameters<Sender["request"]>[0];

// A cluster of its own: on another's, each would see the other's nodes.
let cluster: Cluster;
let transport: Transport;
let moto: Moto;
let dead: DeadNodes;

beforeAll(async () => {
  [cluster, moto] = await Promise.all([up({ name: started("cleanup"), kubelet: false, simulatedNodes: 3 }), startMoto()]);
  transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent: "cleanup" });
});
afterAll(async () => {
  await transport?.close();
  await moto?.stop();
  await cluster?.down();
});
beforeEach(() => {
  dead = deadNodes(cluster.kubeconfig, moto);
  return () => dead.stop();
});

/** Runs the clean-up until the test ends. */
async function working(config: object = {}, { sender = transport, elected }: { sender?: Sender; elected?: Promise<void> } = {}) {
  const parsed = cleanup.config.parse({ ...dead.config, ...config });
  let rounds = 0;
  const sleep: typeof systemClock.sleep = async (ms, signal) => {
    if (ms === interval) rounds += 1;
    return systemClock.sleep(ms, signal);
  };
  const host = new Host({ sender, clock: { ...systemClock, sleep }, ...(elected && { elected }) });
  const end = new AbortController();
  const run = host.run([{ feature: cleanup, config: parsed }], end.signal);
  run.catch(() => {}); // It is waited for.
  const stop = async (): Promise<void> => {
    end.abort();
    await run;
  };
  onTestFinished(stop);
  await host.synced();
  return {
    /** The value of a metric, as in `plimsoll_cleanup_breaker_open`; 0 where there is none yet. */
    metric: async (series: string): Promise<number> => {
      const line = (await host.metrics.metrics()).split("\n").find((line) => line.startsWith(`${series} `));
      return Number(line?.split(" ")[1] ?? 0);
    },
    configure: (changed: object) => host.configure("cleanup", cleanup.config.parse({ ...dead.config, ...config, ...changed })),
    /** Waits until it has looked so many times more. */
    looks: async (more: number): Promise<void> => {
      const before = rounds;
      await vi.waitFor(() => expect(rounds).toBeGreaterThanOrEqual(before + more), patience);
    },
    stop,
  };
}

const patience = { timeout: 120_000, interval: 200 };
/** From one look to the next: no other waits for so long. */
const interval = 1_000;

/** Before moto. */
async function front(instead: (action: string, body: string) => Answer | "nothing" = () => undefined): Promise<Front> {
  const made = await inFrontOf(dead.config.cloud.endpoint, instead);
  onTestFinished(async () => made.stop());
  return made;
}

/** An API server of which the first deletions of nodes go otherwise. */
function meddled(meddle: (request: Request, send: () => Promise<unknown>) => Promise<unknown>, times = 1): Sender {
  let left = times;
  return {
    stream: async (request) => transport.stream(request),
    request: async <T>(request: Request): Promise<T> => {
      if (request.method !== "DELETE" || left === 0) return transport.request<T>(request);
      left -= 1;
      return (await meddle(request, async () => transport.request(request))) as T;
    },
  };
}

const isDeleted = async (name: string): Promise<void> => vi.waitFor(async () => expect(await dead.isThere(name)).toBe(false), patience);
const isTold = async (name: string, what: string): Promise<void> =>
  vi.waitFor(async () => expect((await dead.told(name)).join("\n")).toContain(what), patience);

async function nodeOfTerminated(): Promise<string> {
  const instance = await dead.launch();
  await dead.terminate(instance);
  return dead.node(instance);
}

const unknown = "i-0123456789abcdef0";

test("nodes whose machines are terminated or unknown are deleted; one whose machine runs, and one that is Ready, are kept", async () => {
  const [terminated, strange, there] = [await nodeOfTerminated(), await dead.node(unknown), await dead.node(await dead.launch())];
  const ready = await dead.node("i-0123456789abcdef1", { ready: "True" });
  const { metric } = await working();
  await Promise.all([isDeleted(terminated), isDeleted(strange)]);
  await isTold(terminated, "NodeDeleted: its machine is gone: is terminated. The node was deleted");
  await isTold(strange, "NodeDeleted: its machine is gone: EC2 knows no such instance.");
  await isTold(there, "and its machine exists: the node is kept");
  expect(await metric(`plimsoll_cleanup_deletions_total{result="deleted"}`)).toBe(2);
  expect(await metric(`plimsoll_cleanup_nodes{decision="keep"}`)).toBe(1);
  for (const name of [there, ready]) expect(await dead.isThere(name)).toBe(true);
});

test("of an answer that is unsure nothing comes but an event that says why", async () => {
  const nodes = {
    "": '"" names no EC2 instance',
    "kind://docker/plimsoll/plimsoll-worker": "names no EC2 instance",
    "aws:///eu-west-1a/i-0123456789abcdef0": "is in the region eu-west-1, and eu-central-1 is configured",
    "aws:///eu-central-1a/2f7c-fargate/fargate-ip-10-0-0-1.eu-central-1.compute.internal": "names no EC2 instance",
    "gce://project-1/europe-west1-b/node-1": "names no EC2 instance",
  };
  const names = await Promise.all(Object.keys(nodes).map(async (providerID) => dead.node(providerID)));
  const { metric } = await working();
  const whys = Object.values(nodes);
  await Promise.all(names.map(async (name, index) => isTold(name, whys[index] ?? "none")));
  await vi.waitFor(
    async () => expect(await metric(`plimsoll_cleanup_looks_total{verdict="unsure"}`)).toBeGreaterThan(names.length),
    patience,
  );
  for (const name of names) expect(await dead.isThere(name)).toBe(true);
});

test.each<[string, Answer | "nothing", string]>([
  ["throttles", failure(503, "RequestLimitExceeded", "Request limit exceeded."), "RequestLimitExceeded"],
  ["refuses", failure(403, "UnauthorizedOperation", "You are not authorized."), "UnauthorizedOperation"],
  ["fails", failure(500, "InternalError", "An internal error has occurred"), "InternalError"],
])("a cloud that %s deletes nothing; once it answers, the node is deleted", async (_, answer, why) => {
  let instead: typeof answer | undefined = answer;
  const { endpoint } = await front((action) => (action === "DescribeInstances" ? instead : undefined));
  const name = await nodeOfTerminated();
  const { metric } = await working({ cloud: { ...dead.config.cloud, endpoint } });
  await isTold(name, why);
  await vi.waitFor(async () => expect(await metric(`plimsoll_cleanup_looks_total{verdict="unsure"}`)).toBeGreaterThan(1), patience);
  expect(await dead.isThere(name)).toBe(true);
  instead = undefined;
  await isDeleted(name);
});

test("credentials of another account delete nothing, though every instance is unknown to them", async () => {
  const name = await dead.node(unknown);
  const { metric } = await working({ cloud: { ...dead.config.cloud, account: "999999999999" } });
  await isTold(name, "the credentials are of the account 123456789012, and 999999999999 is configured");
  await vi.waitFor(async () => expect(await metric(`plimsoll_cleanup_looks_total{verdict="unsure"}`)).toBeGreaterThan(1), patience);
  expect(await dead.isThere(name)).toBe(true);
});

test("at first nodes are only told of; when the dry run is over, without a restart, they are deleted", async () => {
  const name = await nodeOfTerminated();
  const { metric, configure } = await working({ dryRun: undefined });
  await isTold(name, "NodeWouldBeDeleted: it has been NotReady since ");
  expect(await metric(`plimsoll_cleanup_nodes{decision="tell"}`)).toBe(1);
  expect(await dead.isThere(name)).toBe(true);
  configure({ dryRun: false });
  await isDeleted(name);
});

test("more nodes at once than may be are none; and those deleted before count", async () => {
  const names = await Promise.all(Array.from({ length: 3 }, nodeOfTerminated));
  const { metric, configure } = await working({ breaker: { maxCount: 2, maxPercent: 100 } });
  await Promise.all(
    names.map(async (name) =>
      isTold(name, "CleanupStopped: its machine is gone: is terminated. But with those deleted before that would be 3 nodes, and 2 may be"),
    ),
  );
  expect(await metric("plimsoll_cleanup_breaker_open")).toBe(1);
  for (const name of names) expect(await dead.isThere(name)).toBe(true);
  configure({ breaker: { maxCount: 3, maxPercent: 100 } });
  await Promise.all(names.map(isDeleted));
  await vi.waitFor(async () => expect(await metric("plimsoll_cleanup_breaker_open")).toBe(0), patience);
  const one = await nodeOfTerminated();
  await isTold(one, "that would be 4 nodes, and 3 may be");
  expect(await dead.isThere(one)).toBe(true);
  expect(await metric("plimsoll_cleanup_breaker_open")).toBe(1);
});

test("a share of the nodes is the limit of a large cluster, and one node of a small", async () => {
  const [one, other] = [await nodeOfTerminated(), await nodeOfTerminated()];
  const { metric } = await working({ breaker: { maxCount: 1000, maxPercent: 1 } });
  await isTold(one, "would be 2 nodes, and 1 may be");
  expect(await metric("plimsoll_cleanup_breaker_open")).toBe(1);
  // Somebody has seen to it himself.
  await dead.client("nodes").delete({ name: other });
  await isDeleted(one);
});

test("a node of the same name that was made just before is left alone", async () => {
  const name = await nodeOfTerminated();
  const { uid } = (await dead.client("nodes").get({ name })).metadata;
  const sender = meddled(async (_, send) => {
    await dead.client("nodes").delete({ name });
    await dead.node(await dead.launch(), { name, ready: "True" });
    return send();
  });
  const { metric } = await working({}, { sender });
  await vi.waitFor(async () => expect(await metric(`plimsoll_cleanup_deletions_total{result="changed"}`)).toBe(1), patience);
  const now = await dead.client("nodes").get({ name });
  expect(now.metadata.uid).not.toBe(uid);
  expect(now.metadata.deletionTimestamp).toBeUndefined();
  expect(await metric(`plimsoll_cleanup_deletions_total{result="deleted"}`)).toBe(0);
});

test("a node that has come back just before is left alone", async () => {
  const name = await nodeOfTerminated();
  const sender = meddled(async (_, send) => {
    await dead.setReady(name, "True");
    return send();
  });
  const { metric } = await working({}, { sender });
  await vi.waitFor(async () => expect(await metric(`plimsoll_cleanup_deletions_total{result="changed"}`)).toBe(1), patience);
  expect(await dead.isThere(name)).toBe(true);
  await vi.waitFor(async () => expect(await metric(`plimsoll_cleanup_nodes{decision="keep"}`)).toBe(0), patience);
});

test("that somebody else deletes it first is no failure, and doesn't count", async () => {
  const name = await nodeOfTerminated();
  const sender = meddled(async (_, send) => {
    await dead.client("nodes").delete({ name });
    return send();
  });
  const { metric } = await working({ breaker: { maxCount: 1, maxPercent: 100 } }, { sender });
  await vi.waitFor(async () => expect(await metric(`plimsoll_cleanup_deletions_total{result="absent"}`)).toBe(1), patience);
  // So that there is room for another.
  await isDeleted(await nodeOfTerminated());
});

test.each<[string, Error]>([
  ["500", new ApiError("DELETE /api/v1/nodes", 500, { message: "etcdserver: request timed out" })],
  ["429", new ApiError("DELETE /api/v1/nodes", 429, { message: "too many requests, please try again later" }, 1)],
  ["no answer at all", new ConnectionError("the connection broke", true)],
])("what fails with %s is told and tried again", async (_, error) => {
  const name = await nodeOfTerminated();
  const { metric } = await working({}, { sender: meddled(() => Promise.reject(error)) });
  await isTold(name, `NodeNotDeleted: its machine is gone, and the node could not be deleted: ${error.message}`);
  await isDeleted(name);
  expect(await metric(`plimsoll_cleanup_deletions_total{result="failed"}`)).toBe(1);
  await isTold(name, "NodeDeleted");
});

test("a deletion whose answer is lost is not done twice, and counts", async () => {
  const name = await nodeOfTerminated();
  const sender = meddled(async (_, send) => {
    await send();
    throw new ConnectionError("the answer was lost", true);
  });
  const { metric } = await working({ breaker: { maxCount: 1, maxPercent: 100 } }, { sender });
  await isDeleted(name);
  await isTold(await nodeOfTerminated(), "CleanupStopped");
  expect(await metric(`plimsoll_cleanup_deletions_total{result="deleted"}`)).toBe(0);
});

test("a process that ends between two deletions is followed by another that does the rest", async () => {
  const names = await Promise.all(Array.from({ length: 3 }, nodeOfTerminated));
  const reached = Promise.withResolvers<void>();
  const sender = meddled(async (request, send) => {
    const answer = await send();
    reached.resolve();
    // It ends here: what else it sends arrives nowhere.
    return new Promise((_, reject) => request.signal?.addEventListener("abort", () => reject(new Error("ended")))).catch(() => answer);
  });
  const first = await working({}, { sender });
  await reached.promise;
  await first.stop();
  expect((await Promise.all(names.map(dead.isThere))).filter(Boolean)).toHaveLength(2);
  await working();
  await Promise.all(names.map(isDeleted));
});

test("a node that a finalizer holds is deleted once", async () => {
  const name = await nodeOfTerminated();
  await dead.client("nodes").patch({ name }, { metadata: { finalizers: ["plimsoll.dev/test"] } });
  const { metric } = await working();
  await vi.waitFor(async () => expect((await dead.client("nodes").get({ name })).metadata.deletionTimestamp).toBeDefined(), patience);
  await isDeleted(await nodeOfTerminated());
  // That a node is gone may be seen before its deletion is answered.
  await vi.waitFor(async () => expect(await metric(`plimsoll_cleanup_deletions_total{result="deleted"}`)).toBe(2), patience);
  await dead.client("nodes").patch({ name }, { metadata: { finalizers: null } });
});

test("the cloud is not asked for nodes that are Ready or flap, nor by a process that doesn't lead", async () => {
  const { endpoint, asked } = await front();
  const cloud = { ...dead.config.cloud, endpoint };
  const flapping = await dead.node(unknown, { ready: "False" });
  await dead.node("i-0123456789abcdef1", { ready: "True" });
  const follower = await working({ cloud }, { elected: new Promise<void>(() => {}) });
  const { configure, looks } = await working({ cloud, notReadyFor: "30s" });
  for (let time = 0; time < 8; time += 1) {
    await dead.setReady(flapping, time % 2 === 0 ? "True" : "False");
    await looks(1);
  }
  expect(asked).toEqual([]);
  expect(await follower.metric(`plimsoll_cleanup_looks_total{verdict="gone"}`)).toBe(0);
  // The same asks as soon as it is NotReady for long enough.
  configure({ cloud, notReadyFor: "1s" });
  await isDeleted(flapping);
  expect(asked).toContain("DescribeInstances");
});

test("a new node is left alone, as long as it is one", async () => {
  const name = await dead.node(unknown);
  const { endpoint, asked } = await front();
  const cloud = { ...dead.config.cloud, endpoint };
  const { configure, looks } = await working({ cloud, graceAfterCreation: "1h" });
  const old = await nodeOfTerminated();
  await looks(4);
  expect(asked).toEqual([]);
  configure({ cloud, graceAfterCreation: "0s" });
  await Promise.all([name, old].map(isDeleted));
});

test("a cloud that isn't configured ends the program, with what to say", async () => {
  const host = new Host({ sender: transport });
  await expect(host.run([{ feature: cleanup, config: cleanup.config.parse({}) }], new AbortController().signal)).rejects.toThrow(
    "the feature cleanup has failed: features.cleanup.cloud is missing: say where the nodes' machines are",
  );
});
