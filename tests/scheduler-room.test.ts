import { parseQuantity, requestsOf, sum, type Amounts } from "@plimsoll/model";
import { isAlreadyExists, Transport } from "@plimsoll/kube";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { Random } from "../bench/random.ts";
import { placeablePod } from "./quantities/random-pods.ts";
import { kubectl } from "./support/kubectl.ts";

// Every run tries others; a failure names the seed, which SEED= brings back.
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const random = new Random(seed);
const namespace = `room-${seed}`;
const transport = Transport.fromKubeconfig(inject("kubeconfig"), { userAgent: "tests" });
const pods = `/api/v1/namespaces/${namespace}/pods`;
const runtimes = "/apis/node.k8s.io/v1/runtimeclasses";
const nodes: string[] = [];

const create = <T>(path: string, body: object): Promise<T> => transport.request<T>({ method: "POST", path, body });
const patch = (path: string, body: object): Promise<Pod> =>
  transport.request<Pod>({ method: "PATCH", path, body, contentType: "application/merge-patch+json" });

beforeAll(async () => {
  await create("/api/v1/namespaces", { metadata: { name: namespace } });
  // The controller manager makes it, too, and may be later than the first pods.
  await create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: "default" } }).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
  await create(runtimes, { metadata: { name: namespace }, handler: "none", overhead: { podFixed: { cpu: "130m", memory: "150Mi" } } });
});
afterAll(async () => {
  for (const path of [`/api/v1/namespaces/${namespace}`, `${runtimes}/${namespace}`, ...nodes.map((name) => `/api/v1/nodes/${name}`)])
    await transport.request({ method: "DELETE", path });
  await transport.close();
});

/** A node that nobody looks after: only what tolerates everything is placed there. */
async function addNode(pool: string, room: Amounts): Promise<string> {
  const name = `${namespace}-${nodes.length}`;
  nodes.push(name);
  const { cpu = 0, ...others } = room;
  const allocatable = Object.fromEntries(Object.entries({ pods: 10, ...others }).map(([name, amount]) => [name, String(amount)]));
  await create("/api/v1/nodes", { metadata: { name, labels: { pool } }, status: { allocatable: { ...allocatable, cpu: `${cpu}m` } } });
  return name;
}

const read = (name: string): Promise<Pod> => transport.request<Pod>({ method: "GET", path: `${pods}/${name}` });

/** Why no node takes a pod, once the scheduler has said so. */
function refusal(name: string, reason: RegExp): Promise<void> {
  return vi.waitFor(
    async () => {
      const { status } = await read(name);
      expect(status?.conditions?.find(({ type }) => type === "PodScheduled")?.message).toMatch(reason);
    },
    { timeout: 120_000, interval: 100 },
  );
}

function placed(name: string, node: string): Promise<void> {
  return vi.waitFor(async () => expect((await read(name)).spec?.nodeName).toBe(node), { timeout: 120_000, interval: 100 });
}

const container = (cpu: string) => ({ name: "c", image: "busybox", resources: { requests: { cpu } } });
const bare = (name: string, pool: string, cpu: string): object => ({
  metadata: { namespace, name },
  spec: { nodeSelector: { pool }, tolerations: [{ operator: "Exists" }], containers: [container(cpu)] },
});

test("the scheduler refuses a node that has a thousandth of a core or a byte less than a pod takes, and takes one that has just as much", async () => {
  const cases = Array.from({ length: 40 }, (_, index) => `edge-${index}`);
  const enough = await Promise.all(
    cases.map(async (name) => {
      const stored = await create<Pod>(pods, placeablePod(random, { namespace, name }, name, namespace));
      const room = requestsOf(stored);
      const scarce = random.of(Object.keys(room).filter((resource) => (room[resource] ?? 0) > 0));
      await addNode(name, { ...room, [scarce]: (room[scarce] ?? 0) - 1 });
      await refusal(name, new RegExp(`Insufficient ${scarce}`));
      const node = await addNode(name, room);
      await placed(name, node);
      return node;
    }),
  );
  expect((await Promise.all(cases.map(read))).map(({ spec }) => spec?.nodeName)).toEqual(enough);
});

test("kubectl describe node adds up what we add up", async () => {
  const node = await addNode("described", { cpu: 10_000_000, memory: 2 ** 50, "ephemeral-storage": 2 ** 50 });
  const names = Array.from({ length: 8 }, (_, index) => `described-${index}`);
  for (const name of names) await create(pods, placeablePod(random, { namespace, name }, "described", namespace));
  for (const name of names) await placed(name, node);
  const ours = sum(...(await Promise.all(names.map(read))).map(requestsOf));
  const text = await kubectl("describe", "node", node);
  const told = (resource: string): bigint | undefined =>
    parseQuantity(new RegExp(`Allocated resources:[^]*?\n +${resource} +(\\S+) \\(`).exec(text)?.[1] ?? "none");
  expect(told("cpu"), `${text}`).toBe(BigInt(ours["cpu"] ?? 0) * 1_000_000n);
  // It rounds no pod's bytes up.
  const bytes = Number(told("memory")) / 1e9;
  expect(bytes, `${text}`).toBeLessThanOrEqual(ours["memory"] ?? 0);
  expect(bytes, `${text}`).toBeGreaterThan((ours["memory"] ?? 0) - names.length);
});

test("while a pod is resized in place the larger counts, and only what it has where it can't grow", async () => {
  const node = await addNode("resized", { cpu: 1_000 });
  await create(pods, bare("resized", "resized", "400m"));
  await placed("resized", node);
  const has = { resources: { requests: { cpu: "400m" } }, allocatedResources: { cpu: "400m" } };
  const status = { phase: "Running", containerStatuses: [{ name: "c", ready: true, restartCount: 0, image: "i", imageID: "i", ...has }] };
  await patch(`${pods}/resized/status`, { status });
  await patch(`${pods}/resized/resize`, { spec: { containers: [container("700m")] } });
  expect(requestsOf(await read("resized"))).toEqual({ cpu: 700 });
  await create(pods, bare("too-large", "resized", "301m"));
  await refusal("too-large", /Insufficient cpu/);
  const condition = { type: "PodResizePending", status: "True", reason: "Infeasible", message: "" };
  const now = await patch(`${pods}/resized/status`, { status: { conditions: [condition] } });
  expect(requestsOf(now)).toEqual({ cpu: 400 });
  await placed("too-large", node);
});
