import { nodeOf, podOf, snapshotVersion, priceBook, type Snapshot } from "@plimsoll/model";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { nowColumns } from "./cost-columns.ts";

const main = new URL("../../bin/plimsoll.mjs", import.meta.url).pathname;
const examples = new URL("../../../../examples/", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "plimsoll-inventory-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command line where no cluster can be found. */
function plimsoll(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, KUBECONFIG: join(folder, "nowhere"), NO_COLOR: "1" };
  const { promise, resolve } = Promise.withResolvers<{ code: number; stdout: string; stderr: string }>();
  execFile(process.execPath, [main, ...args], { env, cwd: folder }, (error, stdout, stderr) =>
    resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
  );
  return promise;
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const node = (name: string, labels: Record<string, string>, size: Record<string, string>) =>
  nodeOf({
    metadata: { name, uid: name, labels, creationTimestamp: "2026-01-01T00:00:00Z" as never },
    status: { capacity: size, allocatable: size, conditions: [{ type: "Ready", status: "True" }] },
  });
const pod = (namespace: string, name: string, nodeName: string, labels: Record<string, string>, requests?: Record<string, string>) =>
  podOf({
    metadata: { namespace, name, uid: name, labels, creationTimestamp: "2026-01-02T00:00:00Z" as never },
    spec: { nodeName, containers: [{ name: "c", ...(requests && { resources: { requests } }) }] },
    status: { phase: "Running", startTime: "2026-01-02T01:00:00Z" as never },
  });
const snapshot: Snapshot = {
  version: snapshotVersion,
  takenAt: "2026-01-02T03:00:00Z",
  kubernetes: "v1.36.3",
  nodes: [
    node(
      "a",
      { "node.kubernetes.io/instance-type": "m5.xlarge", "topology.kubernetes.io/region": "us-east-1", pool: "x" },
      { cpu: "4", memory: "16Gi", pods: "58" },
    ),
    node("g", { "node.kubernetes.io/instance-type": "tesseract.large" }, { cpu: "8", memory: "64Gi", pods: "110", "nvidia.com/gpu": "1" }),
  ],
  pods: [
    pod("shop", "web", "a", { team: "shop" }, { cpu: "2", memory: "4Gi" }),
    pod("shop", "bare", "a", { team: "=HYPERLINK(1)" }),
    pod("lab", "train", "g", { team: "lab" }, { cpu: "4", memory: "32Gi", "nvidia.com/gpu": "1" }),
  ],
  controllers: [],
  claims: [],
  volumes: [],
  budgets: [],
  autoscalers: [],
  usage: {
    nodes: [{ name: "a", used: { cpu: 3_700, memory: 8 * 1024 ** 3 } }],
    pods: [{ namespace: "shop", name: "web", used: { cpu: 500, memory: 2 * 1024 ** 3 } }],
  },
  custom: [],
  history: { runs: [] },
};
const from = file("cluster.json", JSON.stringify(snapshot));
const prices = join(examples, "prices.yaml");

describe("drain of a snapshot", () => {
  const controlled = { owner: { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-1", uid: "r" } };
  const web = { ...pod("shop", "web", "a", { team: "shop" }, { cpu: "2" }), ...controlled };
  const small = file("small.json", JSON.stringify({ ...snapshot, pods: [web] }));

  test("says what would become of each pod, by the nodes' names or labels", async () => {
    for (const nodes of [["a"], ["-l", "pool=x"]]) {
      const { code, stdout, stderr } = await plimsoll("drain", ...nodes, "--dry-run", "--from", small);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^1 +a +shop\/web +room on g$/m);
    }
    const { code, stdout } = await plimsoll("drain", "a", "--dry-run", "--from", from);
    expect([code, /^stays +a +shop\/web +has no controller/m.test(stdout)]).toEqual([1, true]);
  });

  test.each<[string[], RegExp]>([
    [["drain", "a", "--from", from], /^error: --from only says what would be done: give --dry-run, too\n$/],
    [["drain", "a", "nope", "--dry-run", "--from", from], /^error: there is no node "nope": nothing was changed\n$/],
    [["drain", "-l", "pool=none", "--dry-run", "--from", from], /^error: no node has the labels pool=none: nothing was changed\n$/],
    [["drain", "a", "--dry-run", "--from", from, "--context", "x"], /^error: --from reads no cluster: /],
    [["drain", "a", "--dry-run", "--from", file("no.json", "{")], /^error: no\.json: no JSON: /],
  ])("%j ends with one clear error and code 2", async (args, message) => {
    const { code, stdout, stderr } = await plimsoll(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});

describe("inventory of a snapshot", () => {
  test("shows for each node what there is, what is asked for and what is used, and how much of it that is", async () => {
    const { code, stdout } = await plimsoll("inventory", "--from", from);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "NODE   PODS    CPU   REQUESTED              USED                   MEMORY   REQUESTED              USED                   GPU",
        "a      2/58    4     2       50% ████····   3700m   93% ███████▍   16Gi     4096Mi  25% ██······   8192Mi  50% ████····",
        "g      1/110   8     4       50% ████····   -                      64Gi     32Gi    50% ████····   -                      1/1",
        "",
      ].join("\n"),
    );
  });

  test("shows how many objects there are of custom resources, where they were counted", async () => {
    const ray = { group: "ray.io", resource: "rayclusters" };
    const custom = [
      { ...ray, namespace: "lab", count: 3 },
      { ...ray, namespace: "shop", count: 10 },
      { group: "spot.io", resource: "rolls", namespace: "", count: 1 },
    ];
    const counted = file("counted.json", JSON.stringify({ ...snapshot, custom }));
    const table = await plimsoll("inventory", "custom", "--from", counted, "--sort-by", "count");
    expect(table.stdout.split("\n").map((line) => line.split(/ +/).join(" ").trim())).toEqual([
      "RESOURCE NAMESPACE COUNT",
      "rayclusters.ray.io shop 10",
      "rayclusters.ray.io lab 3",
      "rolls.spot.io 1",
      "",
    ]);
    expect((await plimsoll("inventory", "custom", "--from", counted, "-n", "lab", "-o", "csv")).stdout).toBe(
      "resource,namespace,count\nrayclusters.ray.io,lab,3\n",
    );
    expect(await plimsoll("inventory", "custom", "--from", from)).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "note: there is no object of a custom resource\n",
    });
    expect(await plimsoll("inventory", "custom", "--from", counted, "-l", "a=b")).toMatchObject({ code: 2, stdout: "" });
  });

  test("counts each pod once that asks for no CPU, no memory, or neither", async () => {
    const asking = [undefined, { cpu: "1" }, { memory: "1Gi" }, { cpu: "1", memory: "1Gi" }];
    const pods = asking.map((requests, index) => pod("shop", `pod-${index}`, "a", {}, requests));
    const some = file("some.json", JSON.stringify({ ...snapshot, pods }));
    for (const view of ["nodes", "namespaces"]) {
      const { rows } = JSON.parse((await plimsoll("inventory", view, "--from", some, "-o", "json")).stdout) as { rows: object[] };
      expect(rows[0]).toMatchObject({ pods: 4, pods_without_requests: 3 });
    }
  });

  test("counts by namespace, and by label with what has none, in the order that is asked for", async () => {
    expect((await plimsoll("inventory", "namespaces", "--from", from, "-o", "csv", "--sort-by", "cpu-requested")).stdout).toBe(
      `name,pods,pending,cpu_requested,cpu_used,memory_requested,memory_used,gpu_requested,pods_without_requests,pods_measured
lab,1,0,4,,34359738368,,1,0,0
shop,2,0,2,0.5,4294967296,2147483648,0,1,1
`,
    );
    const { stdout } = await plimsoll("inventory", "--by", "pool", "--from", from, "-o", "json");
    expect(JSON.parse(stdout)).toMatchObject({ by: "pool", rows: [{ pods: 3 }] });
  });

  test("keeps a namespace and labels apart from others", async () => {
    const names = async (...args: string[]) =>
      (
        JSON.parse((await plimsoll("inventory", "--from", from, "-o", "json", ...args)).stdout) as {
          rows: { name: string; pods: number }[];
        }
      ).rows.map(({ name, pods }) => `${name} ${pods}`);
    expect(await names("workloads", "-n", "shop", "-l", "team in (shop,lab)")).toEqual(["web 1"]);
    expect(await names("nodes", "-l", "pool=x")).toEqual(["a 2"]);
    expect(await plimsoll("inventory", "workloads", "-n", "nowhere", "--from", from)).toEqual({
      code: 0,
      stdout: "",
      stderr: "note: there is no such pod that hasn't ended\n",
    });
  });

  test.each<[string[], RegExp]>([
    [["inventory", "--from", "missing.json"], /^error: missing\.json: cannot be read: /],
    [["inventory", "--from", file("bad.json", "{")], /^error: bad\.json: no JSON: /],
    [
      ["inventory", "--from", file("old.json", '{"version": "v0"}')],
      /^error: old\.json: version: must be "plimsoll\.dev\/snapshot\/v1": take the snapshot anew/,
    ],
    [["inventory", "--from", from, "--context", "x"], /^error: --from reads no cluster: leave --kubeconfig and --context out\n$/],
    [["inventory", "--from", from, "-l", "a b"], /^error: --selector: "a b" is no requirement: /],
    [["inventory", "--from", from, "-n", "shop"], /^error: nodes are in no namespace: leave -n out, /],
    [["inventory", "--from", from, "--sort-by", "colour"], /^error: --sort-by colour: the columns are name, pods, /],
    [["inventory", "nodes", "--by", "team"], /^error: give either nodes or --by team\n$/],
    [["inventory", "--by", "a/b/c"], /^error: --by a\/b\/c: is neither node, .*nor the key of a label/],
    [["inventory", "pods"], /Allowed choices are nodes, namespaces, workloads, custom\./],
    [["inventory", "--snapshot", "-n", "shop"], /^error: --snapshot is of the whole cluster, as JSON: leave -n out\n$/],
    [["cost", "--from", from], /^error: what do nodes cost\? Name a price book by --prices FILE/],
    [
      ["cost", "--from", from, "--prices", file("bad.yaml", "version: plimsoll.dev/prices/v1\nprices: [{perHour: x}]")],
      /^error: bad\.yaml:2: prices\[0\]\.perHour: .*number.*\n$/,
    ],
    [
      [
        "cost",
        "--from",
        from,
        "--prices",
        file("two.yaml", "version: plimsoll.dev/prices/v1\nspot: 2\nprices:\n  - {instance: {a.b: 1}}\n"),
      ],
      /^error: two\.yaml:2: spot: is 2: must be at most 1\ntwo\.yaml:4: prices\[0\]\.instance: there is no such field; did you mean "instances"\?\n/,
    ],
    [
      ["cost", "--from", from, "--prices", file("three.yaml", "version: plimsoll.dev/prices/v1\n---\nspot: 2\n")],
      /^error: three\.yaml:3: a second document begins here: keep one of them\n$/,
    ],
    [
      ["cost", "--from", from, "--prices", file("four.yaml", "version: plimsoll.dev/prices/v1\nspot: 010\n---\nspot: 2\n")],
      /^error: four\.yaml:2: spot: 010 is 10 in YAML.*\nfour\.yaml:4: a second document begins here: keep one of them\n$/,
    ],
    [
      ["cost", "--from", from, "--prices", file("none.yaml", "")],
      /^error: none\.yaml:1: is null: must be a map that begins with version: .*\n$/,
    ],
    [["cost", "--from", from, "--prices", file("worse.yaml", "a: [")], /^error: worse\.yaml:1: not YAML: /],
    [["cost", "--from", "-", "--prices", "-"], /^error: standard input is either the price book or the snapshot\n$/],
    [["cost", "--from", from, "--prices", prices, "--since", "soon"], /^error: --since soon: is neither a time/],
    [["cost", "--from", from, "--prices", prices, "--since", "2027-01-01"], /^error: --since 2027-01-01: lies after 2026-01-02T03:00:00Z/],
    [["cost", "--from", from, "--prices", prices, "--since", "1h", "--by", "node"], /^error: --since says what pods have cost: /],
  ])("%j is refused with what is wrong", async (args, message) => {
    const { code, stdout, stderr } = await plimsoll(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});

describe("cost of a snapshot", () => {
  test("is the nodes' price, who bears it and what is idle, and says which nodes the book doesn't list", async () => {
    const { code, stdout, stderr } = await plimsoll("cost", "--from", from, "--prices", prices, "-o", "json");
    expect(code).toBe(0);
    expect(stderr).toBe(`note: 1 node that the book doesn't list, reckoned by its fallback: tesseract.large (1)
note: 1 of the pods ask for neither CPU nor memory, and nobody knows what they use: they are charged with nothing
`);
    const { total, idle, rows } = JSON.parse(stdout) as {
      total: number;
      idle: number;
      rows: { name: string; per_hour: number; used_share?: number }[];
    };
    // Of m5.xlarge in us-east-1, and eight cores, 64 GiB and a GPU by the fallback.
    expect(total).toBeCloseTo(0.192 + 8 * 0.031611 + 64 * 0.004237 + 0.7, 6);
    expect(rows.reduce((all, { per_hour }) => all + per_hour, idle)).toBeCloseTo(total, 8);
    const [lab, shop] = rows;
    expect(lab?.used_share).toBeUndefined();
    // Half of the cores, a quarter of the memory; of the former a quarter is used, of the latter half.
    const [cpu, memory] = [4, 16 * 0.134].map((weight) => (0.192 * weight) / (4 + 16 * 0.134)) as [number, number];
    expect(shop?.per_hour).toBeCloseTo(cpu / 2 + memory / 4, 8);
    expect(shop?.used_share).toBeCloseTo((cpu / 8 + memory / 8) / (cpu / 2 + memory / 4), 6);
  });

  test("shows in a table what an hour and a month cost, with what is idle and the sum", async () => {
    const { stdout } = await plimsoll("cost", "--from", from, "--prices", prices);
    expect(stdout).toMatch(
      /^NAMESPACE +PODS +USD\/HOUR +USD\/MONTH +SHARE +USED +NO REQUESTS\nlab +1 +1\.\d{4} .*\nshop +2 +0\.0\d{3} .*\n\(idle\) +0\.\d{4} .*\n\(total\) +1\.4161 +1033\.7\d +100% █{8}\n$/,
    );
  });

  test("is no formula in a spreadsheet, whatever labels say", async () => {
    const { stdout } = await plimsoll("cost", "--from", from, "--prices", prices, "--by", "team", "-o", "csv");
    expect(stdout.split("\n")[0]).toMatch(/^name,pods,per_hour,per_month,share,/);
    expect(stdout).toMatch(/^'=HYPERLINK\(1\),1,0,0,/m);
  });

  test("of some pods leaves out what is idle, which is nobody's", async () => {
    const { stdout } = await plimsoll("cost", "--from", from, "--prices", prices, "-n", "shop");
    expect(stdout).not.toContain("(idle)");
    expect(stdout).toMatch(/\nshop +2 +(0\.\d+) .*\n\(total\) +\1 /);
  });

  test.each([
    [["-l", "team=nobody"], "there is no such pod that hasn't ended"],
    [["-n", "nowhere", "--since", "1h"], "no such pod has run in that time"],
    [["-l", "pool=nowhere", "--since", "1h"], "no such pod has run in that time"],
  ])("of %j, which no pod is, says so", async (some, what) => {
    const { code, stderr } = await plimsoll("cost", "--from", from, "--prices", prices, ...some);
    expect([code, stderr.split("\n")[0]]).toEqual([0, `note: ${what}`]);
  });

  test("since some time is what pods cost while they ran", async () => {
    const { code, stdout, stderr } = await plimsoll(
      "cost",
      "--from",
      from,
      "--prices",
      prices,
      "--since",
      "90m",
      "-o",
      "json",
      "-n",
      "shop",
    );
    const now = JSON.parse((await plimsoll("cost", "--from", from, "--prices", prices, "-o", "json", "-n", "shop")).stdout) as {
      total: number;
    };
    expect(code).toBe(0);
    const { since, cost, rows } = JSON.parse(stdout) as { since: string; cost: number; rows: object[] };
    expect(since).toBe("2026-01-02T01:30:00.000Z");
    expect(cost).toBeCloseTo(now.total * 1.5, 7);
    expect(rows).toMatchObject([{ name: "shop", pods: 2, pod_seconds: 2 * 5_400 }]);
    expect(stderr).toMatch(/^note: the API server knows pods until they are deleted/);
  });
});

test("what a month costs is told with no more digits than an hour's price has", () => {
  const month = nowColumns("namespace", "USD", 1).find(({ key }) => key === "per_month");
  expect(month?.value({ sum: "(total)", cost: 14_861_471 })).toBe(10.84887383);
});

test("the example's prices are a price book", () => {
  const book = priceBook.parse(parse(readFileSync(prices, "utf8")));
  expect(book.prices.map(({ region }) => region)).toEqual(["us-east-1", undefined, "eastus2", "eastus"]);
});
