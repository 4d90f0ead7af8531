import type { Drain } from "@plimsoll/api";
import { up, type Cluster } from "@plimsoll/cluster";
import { isInvalid } from "@plimsoll/kube";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { only, prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { begin, plimsoll, type Result } from "./support/cli.ts";
import { place, type Place } from "./support/cluster.ts";
import { drainSite, until, type DrainSite } from "./support/drain-site.ts";
import { kubectlOf, type Kubectl } from "./support/kubectl.ts";

let cluster: Cluster;
let controllerKubeconfig: string;
let controller: LocalController;
let kubectl: Kubectl;
const sites: DrainSite[] = [];

beforeAll(async () => {
  cluster = await up({ name: `draining-${process.pid}`, kubelet: false });
  controllerKubeconfig = await prepare(cluster, { features: ["pipelines", "draining"] });
  controller = await start(true);
  kubectl = kubectlOf(cluster.kubeconfig);
});
afterAll(async () => {
  for (const site of sites) await site.close();
  await controller.stop();
  await cluster.down();
});

const start = (enabled: boolean): Promise<LocalController> =>
  startController({
    kubeconfig: controllerKubeconfig,
    folder: cluster.folder,
    config: { features: only({ pipelines: {}, ...(enabled && { draining: {} }) }) },
  });

/** A pool of nodes of the test's own. */
async function siteOf(nodes: number): Promise<DrainSite & { own: Place }> {
  const own = await place(cluster.kubeconfig);
  const site = drainSite(cluster.kubeconfig, own.namespace);
  sites.push(site);
  await site.addNodes(nodes);
  return { ...site, own };
}

const cli = (...args: string[]): Promise<Result> => plimsoll(args, { kubeconfig: cluster.kubeconfig });
const blockersOf = async (site: DrainSite, name: string, count: number) => {
  const { status } = await site.until(name, ({ status }) => (status?.nodes?.[0]?.blocked ?? 0) >= count);
  return Object.fromEntries(
    (status?.nodes?.[0]?.blockers ?? []).map(({ pod, reason, message }) => [pod.split("/")[1], { reason, message }]),
  );
};

describe.concurrent("a Drain", () => {
  test.each<[string, object, RegExp]>([
    ["of no nodes", {}, /give either nodes or selector/],
    ["of nodes and a selector", { nodes: ["a"], selector: { matchLabels: { a: "b" } } }, /give either nodes or selector/],
    ["of every node", { selector: {} }, /an empty selector would choose everything/],
    ["with what to do after no time", { nodes: ["a"], onTimeout: "wait" }, /give timeout, too/],
    [
      "with a requirement that lacks values",
      { selector: { matchExpressions: [{ key: "a", operator: "In" }] } },
      /In and NotIn need values/,
    ],
    ["of a node twice", { nodes: ["a", "a"] }, /Duplicate value/],
  ])("%s is refused by the API server", async (_, spec, message) => {
    const { client, pool } = await siteOf(0);
    const made = client("drains.plimsoll.dev").create({
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "Drain",
      metadata: { name: pool },
      spec,
    });
    await expect(made).rejects.toSatisfy((error: Error) => isInvalid(error) && message.test(error.message));
  });

  test("can lose nodes, which are uncordoned, but gain none", async () => {
    const site = await siteOf(3);
    const [a = "", b = "", c = ""] = site.nodes;
    await site.drain(site.pool, { nodes: [a, b] });
    await site.ended(site.pool);
    const drains = site.client("drains.plimsoll.dev");
    await expect(drains.patch({ name: site.pool }, { spec: { nodes: [a, b, c] } })).rejects.toThrow("nodes can only be taken out");
    await drains.patch({ name: site.pool }, { spec: { nodes: [a] } });
    await until("the node that was taken out is uncordoned", async () => !(await site.isCordoned(b)));
    expect(await site.isCordoned(a)).toBe(true);
  });

  test("leaves cordoned what somebody else has cordoned, and alone what somebody has uncordoned", async () => {
    const site = await siteOf(4);
    const [before = "", released = "", ours = "", again = ""] = site.nodes;
    await kubectl("cordon", before);
    // What holds each: a node that is drained can't be released any more.
    for (const nodeName of [released, ours, again]) await site.pod(`bare-${nodeName}`, { nodeName });
    await site.drain(site.pool, { nodes: [before, released, ours, again] });
    await until("all are cordoned", async () => (await Promise.all(site.nodes.map((name) => site.isCordoned(name)))).every(Boolean));
    // What nobody holds up is drained once the Drain has seen its own cordons.
    await site.until(site.pool, ({ status }) => status?.nodes?.some(({ phase }) => phase === "Drained") === true);
    await kubectl("uncordon", released);
    await kubectl("uncordon", again);
    await site.until(site.pool, ({ status }) => status?.nodes?.filter(({ phase }) => phase === "Released").length === 2);
    await kubectl("cordon", again);
    await site.undo(site.pool);
    expect(await Promise.all(site.nodes.map((name) => site.isCordoned(name)))).toEqual([true, false, false, true]);
    await until("an event says so", async () => (await site.told(site.pool)).includes("NodeReleased"));
  });

  test("names every pod that is in its way, and why", async () => {
    const site = await siteOf(1);
    const [node = ""] = site.nodes;
    await site.deploy("zero", 1);
    await site.budget("zero", { maxUnavailable: 0 });
    await site.deploy("twice", 1);
    await site.budget("twice", { minAvailable: 1 });
    await site.client("poddisruptionbudgets.policy").create({
      metadata: { namespace: site.namespace, name: "twice-too" },
      spec: { selector: { matchLabels: { app: "twice" } }, minAvailable: 1 },
    });
    await site.deploy("picky", 1, { nodeSelector: { pool: site.pool, "kubernetes.io/hostname": node } });
    await site.addNodes(1);
    await site.drain(site.pool, { nodes: [node] });
    // That there is another node, and a second budget, may be seen a moment later.
    const isHeld = (reason: string) => (drain: Drain) => drain.status?.nodes?.[0]?.blockers?.some((one) => one.reason === reason) === true;
    for (const reason of ["ZeroBudget", "ManyBudgets", "NoNode"]) await site.until(site.pool, isHeld(reason));
    const blockers = await blockersOf(site, site.pool, 3);
    const by = (app: string) => Object.entries(blockers).find(([pod]) => pod.startsWith(app))?.[1];
    expect(by("zero")).toMatchObject({ reason: "ZeroBudget", message: expect.stringContaining("zero (maxUnavailable: 0)") });
    expect(by("twice")).toMatchObject({ reason: "ManyBudgets", message: expect.stringContaining("twice, twice-too") });
    expect(by("picky")).toMatchObject({ reason: "NoNode", message: expect.stringContaining("didn't match Pod's node affinity/selector") });
    // What would find no node is told before its node is cordoned.
    expect(await site.isCordoned(node)).toBe(false);
  });

  test("deletes what can't be evicted in time where it says so, and tells of it", async () => {
    const site = await siteOf(2);
    await site.deploy("held", 2);
    const node = await site.nodeOf("held");
    await site.budget("held", { maxUnavailable: 0 });
    const pods = [...(await site.podsOf("held"))].filter(([, on]) => on === node).map(([name]) => name);
    await site.drain(site.pool, { nodes: [node], timeout: "3s", onTimeout: "delete" });
    expect((await site.ended(site.pool)).status).toMatchObject({ phase: "Succeeded" });
    await until("an event says so", async () => (await site.told(...pods)).includes("DeletedByDrain"));
  });

  test("that takes too long fails, and uncordons its nodes", async () => {
    const site = await siteOf(2);
    await site.deploy("held", 2);
    const node = await site.nodeOf("held");
    await site.budget("held", { maxUnavailable: 0 });
    await site.drain(site.pool, { nodes: [node], timeout: "3s" });
    const { status } = await site.ended(site.pool);
    expect(status).toMatchObject({
      phase: "Failed",
      message: expect.stringMatching(/was not drained within 3s: [12] pods? still to go/),
    });
    await until("the node is uncordoned", async () => !(await site.isCordoned(node)));
    expect((await site.podsOf("held")).size).toBe(2);
  });

  test("of a node that another drains waits for the same pods, and keeps it cordoned when that is gone", async () => {
    const site = await siteOf(2);
    await site.deploy("web", 4);
    const node = await site.nodeOf("web");
    await site.drain(`${site.pool}-a`, { nodes: [node] });
    await site.drain(`${site.pool}-b`, { nodes: [node] });
    for (const name of ["a", "b"]) expect((await site.ended(`${site.pool}-${name}`)).status).toMatchObject({ phase: "Succeeded" });
    await site.undo(`${site.pool}-a`);
    expect(await site.isCordoned(node)).toBe(true);
    await site.undo(`${site.pool}-b`);
    expect(await site.isCordoned(node)).toBe(false);
  });

  test("by a selector takes in a node that comes, and counts one that goes", async () => {
    const site = await siteOf(2);
    await site.pod("bare");
    await site.drain(site.pool, { selector: { matchLabels: { pool: site.pool } } });
    await site.until(site.pool, ({ status }) => status?.progress === "1/2");
    const [late = ""] = await site.addNodes(1);
    await site.until(site.pool, ({ status }) => status?.nodes?.some(({ name, phase }) => name === late && phase === "Drained") ?? false);
    const { spec } = await site.client("pods").get({ namespace: site.namespace, name: "bare" });
    await site.client("nodes").delete({ name: spec?.nodeName ?? "" });
    const { status } = await site.ended(site.pool);
    expect(status).toMatchObject({ phase: "Succeeded", progress: "3/3" });
    expect(status?.nodes?.find(({ name }) => name === spec?.nodeName)).toMatchObject({ phase: "Gone" });
  });

  test("notices a pod that is made again on its node, and doesn't evict it for ever", async () => {
    const site = await siteOf(2);
    const [node = ""] = site.nodes;
    const tolerations = [
      { key: "kwok.x-k8s.io/node", operator: "Exists" },
      { key: "node.kubernetes.io/unschedulable", operator: "Exists" },
    ];
    await site.deploy("clings", 1, { nodeSelector: { "kubernetes.io/hostname": node }, tolerations });
    await site.drain(site.pool, { nodes: [node] });
    const [blocker] = Object.values(await blockersOf(site, site.pool, 1));
    expect(blocker).toMatchObject({ reason: "Returned", message: expect.stringContaining("was made again on the node") });
  });

  test("evicts the step of a run, which costs it no try and runs again elsewhere", async () => {
    const site = await siteOf(2);
    await site.own.start(
      {
        pod: { nodeSelector: { pool: site.pool }, tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" }] },
        steps: [
          { name: "long", image: "busybox", command: ["sleep", "60"], pod: { annotations: { "simulated.plimsoll.dev/outcome": "run" } } },
        ],
      } as never,
      { name: "run" },
    );
    const first = await runningPod(site, undefined);
    await site.drain(site.pool, { nodes: [first.node] });
    expect((await site.ended(site.pool)).status).toMatchObject({ phase: "Succeeded" });
    const second = await runningPod(site, first.name);
    expect(second.node).not.toBe(first.node);
    const run = await site.own.until(
      "run",
      ({ status: { steps } = {} }) => steps?.["long"]?.phase === "Running" && steps["long"].tries !== undefined,
    );
    expect(run.status?.steps?.["long"]).toMatchObject({ phase: "Running", tries: [{ reason: "Disruption" }], retries: [{ failures: 0 }] });
  });
});

/** The pod of the run that runs, other than one of a name. */
async function runningPod(site: DrainSite, other: string | undefined): Promise<{ name: string; node: string }> {
  let found: { name: string; node: string } | undefined;
  await until("a pod of the run runs", async () => {
    const pods = await Array.fromAsync(site.client("pods").list({ namespace: site.namespace }));
    const pod = pods.find(
      ({ metadata, status }) => metadata.name !== other && metadata.deletionTimestamp === undefined && status?.phase === "Running",
    );
    if (pod !== undefined) found = { name: pod.metadata.name, node: pod.spec?.nodeName ?? "" };
    return pod !== undefined;
  });
  if (found === undefined) throw new Error("no pod of the run runs");
  return found;
}

describe.concurrent("plimsoll drain", () => {
  test("drains a node and says how far it is; undrain uncordons it", async () => {
    const site = await siteOf(2);
    await site.deploy("web", 4);
    const node = await site.nodeOf("web");
    const drained = await cli("drain", node, "--name", site.pool, "--timeout", "5m", "-o", "name");
    expect(drained).toMatchObject({ code: 0, stdout: `drain.plimsoll.dev/${site.pool}\n` });
    expect(drained.stderr).toMatch(new RegExp(`node ${node}: Drained 0 of \\d`));
    expect(drained.stderr).toMatch(`drain ${site.pool}: Succeeded`);
    const undrained = await cli("undrain", `node/${node}`);
    expect(undrained).toMatchObject({ code: 0, stdout: `drain.plimsoll.dev/${site.pool} deleted\nnode/${node} is uncordoned\n` });
    expect(await cli("undrain", node)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`no Drain is about ${node}: nothing was changed`),
    });
  });

  test("of what isn't there, or would lose data, changes nothing and ends with 2", async () => {
    const site = await siteOf(1);
    const [node = ""] = site.nodes;
    expect(await cli("drain", node, "nowhere")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no node "nowhere": nothing was changed'),
    });
    expect(await cli("drain", "-l", `pool=${site.pool}-none`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no node has the labels"),
    });
    await site.pod("bare", { volumes: [{ name: "scratch", emptyDir: {} }] });
    const refused = await cli("drain", node);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/nothing was changed:\n.*\/bare has no controller.*: --force/),
    });
    const scratch = await cli("drain", node, "--force");
    expect(scratch).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/local data in scratch \(emptyDir\).*: --delete-emptydir-data/),
    });
    expect(await site.isCordoned(node)).toBe(false);
    expect(await cli("drain", node, "--force", "--delete-emptydir-data")).toMatchObject({ code: 0 });
  });

  test("--dry-run says what would become of each pod, counting what the API's own dry run doesn't", async () => {
    const site = await siteOf(2);
    await site.deploy("web", 6);
    const node = await site.nodeOf("web");
    await site.budget("web", { maxUnavailable: 1 });
    const here = [...(await site.podsOf("web"))].filter(([, on]) => on === node).length;
    const { code, stdout } = await cli("drain", node, "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toMatch(`${here} of ${here} pods would go, in ${here} waves`);
    await site.deploy("held", 2);
    await site.budget("held", { maxUnavailable: 0 });
    const held = await cli("drain", await site.nodeOf("held"), "--dry-run", "-o", "yaml");
    expect(held).toMatchObject({ code: 1, stdout: expect.stringContaining("kind: Drain") });
    expect(held.stderr).toMatch(/stays .*held-\S+ +is never let go by the PodDisruptionBudget held/);
    expect(await site.isCordoned(node)).toBe(false);
  });

  test("left by Ctrl-C, the Drain goes on", async () => {
    const site = await siteOf(2);
    await site.deploy("held", 2);
    const node = await site.nodeOf("held");
    await site.budget("held", { maxUnavailable: 0 });
    let stderr = "";
    const child = begin(["drain", node, "--name", site.pool], cluster.kubeconfig);
    child.stderr?.on("data", (text: string) => (stderr += text));
    await site.until(site.pool, ({ status }) => status?.phase === "Running");
    await until("it is told what is in the way", async () => stderr.includes("never let go by the PodDisruptionBudget held"));
    const exit = once(child, "exit");
    child.kill("SIGINT");
    expect(await exit).toEqual([130, null]);
    expect(stderr).toMatch(`The Drain ${site.pool} goes on`);
    expect((await site.client("drains.plimsoll.dev").get({ name: site.pool })).status?.phase).toBe("Running");
  });
});

// Last: the controller is another afterwards.
test("where nobody carries it out, that is told at once, and nothing is left", async () => {
  await controller.stop();
  controller = await start(false);
  const site = await siteOf(1);
  const [node = ""] = site.nodes;
  const { code, stderr } = await cli("drain", node, "--name", site.pool);
  expect(code).toBe(1);
  expect(stderr).toMatch(/nobody has looked at the Drain .*\(features\.draining\.enabled/);
  const left = await Array.fromAsync(site.client("drains.plimsoll.dev").list());
  expect(left.map(({ metadata }) => metadata.name)).not.toContain(site.pool);
});
