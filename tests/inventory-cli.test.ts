import { readSnapshot } from "@plimsoll/model";
import { beforeAll, expect, test } from "vitest";
import { file, plimsoll } from "./support/cli.ts";
import { idlePod, place, simulated, type Place } from "./support/cluster.ts";

const prices = file(
  "prices.yaml",
  "version: plimsoll.dev/prices/v1\ncurrency: EUR\nprices:\n  - {labels: {type: kwok}, perHour: 2}\nfallback: {cpu: 0.03, memory: 0.004}\n",
);

let own: Place;
let snapshot: string;
beforeAll(async () => {
  own = await place();
  const resources = { requests: { cpu: "1", memory: "1Gi" } };
  await own.start(
    { pod: simulated, steps: ["one", "two"].map((name) => ({ name, image: "busybox", command: ["true"], resources })) },
    { name: "priced" },
  );
  await own.ended("priced");
  const pod = idlePod(own.namespace, "idle");
  await own.client("pods").create({ ...pod, metadata: { ...pod.metadata, labels: { team: "red" } } });
  const taken = await plimsoll(["inventory", "--snapshot"]);
  snapshot = file("snapshot.json", taken.stdout);
});

test("a snapshot is the cluster as planners see it, and is looked at as the cluster is", async () => {
  const read = readSnapshot((await plimsoll(["inventory", "--snapshot"])).stdout);
  expect(read.nodes.length).toBeGreaterThan(0);
  expect(read.pods.filter(({ namespace }) => namespace === own.namespace)).toHaveLength(3);
  expect(read.runs?.find(({ namespace }) => namespace === own.namespace)?.steps).toHaveLength(2);
  for (const what of ["nodes", "namespaces", "workloads", "pipelines", "runs"]) {
    const { code, stdout } = await plimsoll(["inventory", what, "--from", snapshot, "-o", "json"], { kubeconfig: "/nowhere" });
    expect([what, code, Array.isArray((JSON.parse(stdout) as { rows: unknown }).rows)]).toEqual([what, 0, true]);
  }
});

test("nodes are told with what is asked of them", async () => {
  const { code, stdout } = await plimsoll(["inventory"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^NODE +PODS +CPU +MEMORY/);
  expect(stdout).toMatch(/\n[^\n]+\/110 +[\dm.]+\/\d+ +\d+% [█░]{10}/);
});

test("of one namespace its rights suffice, and what asks for nothing is shown", async () => {
  const table = await plimsoll(["inventory", "workloads", "-n", own.namespace]);
  expect(table.stdout).toMatch(new RegExp(`\\n${own.namespace}/Pod/idle +1 .*1 cpu, 1 memory`));
  const csv = await plimsoll(["inventory", "--by", "team", "-n", own.namespace, "-o", "csv"]);
  expect(csv.stdout.split("\n")[0]).toMatch(/^name,pods,pending,/);
  expect(csv.stdout).toContain("\nred,1,1,");
  const chosen = await plimsoll(["inventory", "workloads", "-n", own.namespace, "-l", "team"]);
  expect(chosen.stdout.split("\n")).toHaveLength(3);
});

test("what a cluster costs is the price of its nodes; a run's cost is what its pods took", async () => {
  const { stdout, stderr } = await plimsoll(["cost", "--prices", prices, "--from", snapshot, "-o", "json"]);
  const report = JSON.parse(stdout) as { currency: string; perHour: number; idlePerHour: number; rows: { perHour: number }[] };
  const parts = report.rows.reduce((sum, { perHour }) => sum + perHour, report.idlePerHour);
  expect(report.currency).toBe("EUR");
  expect(report.perHour).toBeGreaterThanOrEqual(20);
  expect(parts).toBeCloseTo(report.perHour, 6);
  expect(stderr).toBe("");
  const spent = await plimsoll(["cost", "--prices", prices, "--by", "run", "--since", "1h", "-n", own.namespace]);
  expect(spent.stdout).toMatch(new RegExp(`\\n${own.namespace}/priced +2 `));
  expect(spent.stdout).toMatch(/\nthe nodes that are there cost [\d.,]+ EUR in 1h00m; /);
});

test("without a price book, rates are taken, and that is told", async () => {
  const { code, stderr } = await plimsoll(["cost"]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^note: no price book is given/m);
});

test.each([
  [["inventory", "clouds"], /clouds: there are nodes, namespaces, workloads, pipelines and runs; for a label, give --by clouds/],
  [["inventory", "--by", "a b"], /--by a b: is neither one of node, .* nor a label's key/],
  [["inventory", "-l", "a=(b"], /--selector: "a=\(b" is no requirement/],
  [["inventory", "--from", file("no.json", "[]")], /no\.json: the snapshot: /],
  [["cost", "--since", "yesterday"], /--since yesterday: is neither a time/],
  [
    ["cost", "--prices", file("no.yaml", "version: plimsoll.dev/prices/v1\nprices: [{labels: {a: b}}]")],
    /no\.yaml: prices\[0\]: give either instances/,
  ],
  [["cost", "--prices", "nowhere.yaml"], /nowhere\.yaml: cannot be read/],
])("%j is one clear error, with code 2", async (args, message) => {
  const { code, stdout, stderr } = await plimsoll(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr.trimEnd().split("\n")).toEqual([expect.stringMatching(message)]);
});
