import { afterAll, beforeAll, expect, test } from "vitest";
import { file, pathOf, plimsoll, type Commands } from "./support/cli.ts";
import { simulated, type Place } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { ownCluster, type OwnCluster } from "./support/own-cluster.ts";

// A cluster of its own: another installation's policy would hold this controller to the right to use the ServiceAccounts that schedules list.
let site: OwnCluster | undefined;
let own: Place;
const inNamespace: Commands = (...args) => plimsoll([...args, "-n", own.namespace], { kubeconfig: own.kubeconfig });
const kubectl = (...args: string[]): Promise<string> => kubectlOf(own.kubeconfig)(...args);

const apiVersion = "plimsoll.dev/v1alpha1";
const release = {
  apiVersion,
  kind: "Pipeline",
  metadata: { name: "release" },
  spec: {
    pod: simulated,
    steps: [{ name: "build", image: "busybox", command: ["true"] }],
    finally: [{ name: "ship", image: "busybox", command: ["true"], pod: { serviceAccountName: "deploy" } }],
  },
};
const schedule = (name: string, interval: string, spec: object) => ({
  apiVersion,
  kind: "PipelineSchedule",
  metadata: { name },
  spec: { interval, template: { spec: { pipelineRef: { name: "release" }, ...spec } } },
});
const listed = { serviceAccountNames: ["deploy"] };

beforeAll(async () => {
  site = await ownCluster("accounts", { pipelines: {}, schedules: {} });
  own = await site.place();
  await kubectl("create", "serviceaccount", "deploy", "-n", own.namespace);
  await create(release);
});
afterAll(() => site?.close());

/** Creates an object by kubectl, from a file. */
async function create(object: { apiVersion: string; kind: string; metadata: { name: string }; spec: object }): Promise<void> {
  const name = `${object.kind}-${object.metadata.name}.json`;
  const { stderr } = await plimsoll(["lint", file(name, JSON.stringify(object))]);
  expect(stderr).toBe("");
  await kubectl("create", "-n", own.namespace, "-f", pathOf(name));
}

const lacks = (by: string): string =>
  `spec.serviceAccountNames: lacks ServiceAccount "deploy", as which ${by} runs: give serviceAccountNames: [deploy]`;
const ship = 'step "ship" of Pipeline "release"';

test("a run that kubectl creates is refused where it doesn't list the Pipeline's ServiceAccount, and starts nothing", async () => {
  const { client, namespace, ended } = own;
  await create({ apiVersion, kind: "PipelineRun", metadata: { name: "bare" }, spec: { pipelineRef: { name: "release" } } });
  const { status } = await ended("bare");
  expect(status).toMatchObject({
    phase: "Failed",
    message: lacks(ship),
    conditions: [{ type: "Valid", status: "False", message: lacks(ship) }],
  });
  expect(await Array.fromAsync(client("pods").list({ namespace, labelSelector: "plimsoll.dev/run=bare" }))).toEqual([]);
});

test("a run that lists it has the step run as it", async () => {
  const { client, namespace, ended } = own;
  const spec = { pipelineRef: { name: "release" }, ...listed };
  await create({ apiVersion, kind: "PipelineRun", metadata: { name: "listed" }, spec });
  expect((await ended("listed")).status?.phase).toBe("Succeeded");
  const pods = await Array.fromAsync(client("pods").list({ namespace, labelSelector: "plimsoll.dev/run=listed" }));
  expect(pods.map(({ spec }) => spec?.serviceAccountName).sort()).toEqual(["default", "deploy"]);
});

test("plimsoll run lists what the Pipeline names", async () => {
  const { client, namespace } = own;
  expect(await inNamespace("run", "release", "--name", "by-name", "--watch")).toMatchObject({ code: 0 });
  expect((await client("pipelineruns.plimsoll.dev").get({ namespace, name: "by-name" })).spec).toMatchObject(listed);
});

test("a schedule's list goes to its runs, also to one by hand; without it they are refused", async () => {
  const { client, namespace, ended } = own;
  await create(schedule("with", "2s", listed));
  await create(schedule("without", "2s", {}));
  const firstOf = async (name: string) => {
    const find = async () =>
      Array.fromAsync(client("pipelineruns.plimsoll.dev").list({ namespace, labelSelector: `plimsoll.dev/schedule=${name}` }));
    await expect.poll(async () => (await find()).length).toBeGreaterThan(0);
    const [run] = await find();
    return (await ended(run?.metadata.name ?? "")).status;
  };
  expect(await firstOf("with")).toMatchObject({ phase: "Succeeded" });
  expect(await firstOf("without")).toMatchObject({ phase: "Failed", message: lacks(ship) });
  await inNamespace("schedules", "suspend", "with");
  await inNamespace("schedules", "suspend", "without");
  expect(await inNamespace("schedules", "run", "with", "--watch")).toMatchObject({ code: 0 });
});

test("plimsoll backfill lists what its schedule's template names; one that doesn't is refused", async () => {
  const { client, namespace } = own;
  await create(schedule("daily", "24h", listed));
  const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };
  const phaseOf = async (name: string) => (await client("backfills.plimsoll.dev").get({ namespace, name })).status?.phase;
  await create({ apiVersion, kind: "Backfill", metadata: { name: "bare" }, spec: { schedule: "daily", ...range } });
  await expect.poll(() => phaseOf("bare")).toBe("Failed");
  const { status } = await client("backfills.plimsoll.dev").get({ namespace, name: "bare" });
  const message = lacks('what PipelineSchedule "daily" starts');
  expect(status).toMatchObject({ message, conditions: [{ type: "Valid", status: "False", message }] });
  expect(await inNamespace("backfill", "daily", "--from", range.from, "--to", range.to, "--name", "listed")).toMatchObject({ code: 0 });
  await expect.poll(() => phaseOf("listed")).toBe("Succeeded");
  expect((await client("backfills.plimsoll.dev").get({ namespace, name: "listed" })).spec).toMatchObject(listed);
});
