import { clusterName } from "@plimsoll/controller";
import { objectsOf, readValues, type InstalledObject, type KubernetesObject } from "@plimsoll/controller/installation";
import { atomText, covers, type PolicyRule } from "@plimsoll/permissions";
import controller from "../packages/controller/package.json" with { type: "json" };
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { cp, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { packageChart } from "../scripts/release/chart.ts";
import { parse } from "yaml";
import { factorsIn } from "./chart/factors.ts";
import { chart, kubeVersion, render, writeValues, type Rendered } from "./chart/render.ts";
import { place } from "./support/cluster.ts";
import { helm } from "./support/helm.ts";
import { kubectl } from "./support/kubectl.ts";
import { pairwise } from "./support/pairwise.ts";
import { operatorCrds } from "./support/prometheus-operator.ts";

const versions = [3, 4] as const;

let folder: string;
let choices: { namespace: string; values: object }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plimsoll-chart-"));
  // Some names look like numbers and words of YAML.
  const [own, other] = await Promise.all([place(), place(), place(undefined, "123e4567"), place(undefined, "null")]);
  const namespaces = ["plimsoll-system", own.namespace];
  const factors = { own: namespaces.map((own) => ({ own })), ...factorsIn([other.namespace, own.namespace, "123e4567", "null"]) };
  choices = pairwise<object>(factors).map(({ own, ...levels }) => ({
    namespace: (own as { own: string }).own,
    values: Object.assign({}, ...Object.values(levels)) as object,
  }));
  // What works in the whole cluster alone goes with no namespaces.
  const features = { inventory: { enabled: true, bigData: true } };
  for (const namespace of namespaces) choices.push({ namespace, values: { features } });
  // Of which no process, or one of two, records events.
  const alone = { inventory: { enabled: true }, pipelines: { enabled: false }, schedules: { enabled: false } };
  for (const isolation of ["shared", "feature"])
    choices.push(
      { namespace: "plimsoll-system", values: { features: alone, isolation } },
      { namespace: "plimsoll-system", values: { features: { ...alone, csr: { enabled: true } }, isolation } },
    );
  choices.push({ namespace: own.namespace, values: { features, isolation: "feature" } });
});
afterAll(() => rm(folder, { recursive: true }));

test.for(versions)("Helm %i finds nothing to say of the chart", async (version) => {
  const { code, stdout, stderr } = await helm(version, ["lint", "--strict", chart]);
  expect({ code, stderr, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("1 chart(s) linted, 0 chart(s) failed") });
});

test.concurrent.for(versions)("any two values taken together, Helm %i renders what `plimsoll install` applies", async (version) => {
  for (const [index, { namespace, values }] of choices.entries()) {
    const file = await writeValues(join(folder, `values-${version}-${index}.json`), values);
    const rendered = await render(version, file, namespace);
    const found = { namespace, values, objects: byName(rendered) };
    expect(found).toEqual({ namespace, values, objects: byName(expected(namespace, values)) });
  }
});

test.concurrent.for(versions)("any two values taken together, the updater may do what Helm %i does with each object", async (version) => {
  for (const [index, { namespace, values }] of choices.entries()) {
    const autoUpdate = { enabled: true, publicKeys: ["KEY"], escalate: index % 2 === 0 };
    if (readValues(JSON.stringify(values), "values.json").rbac.create === false) continue;
    const file = await writeValues(join(folder, `updater-${version}-${index}.json`), { ...values, autoUpdate });
    const rendered = await render(version, file, namespace);
    const role = clusterName("plimsoll-updater", namespace);
    const lacking = rendered.flatMap(({ object: { apiVersion, kind, metadata } }) => {
      const owned = rendered.flatMap(({ object }) => (object.metadata.name === role ? rulesIn(object, metadata.namespace) : []));
      const [group = ""] = /^.*(?=\/)/.exec(apiVersion) ?? [];
      const isKind = kind === "CustomResourceDefinition";
      const verbs = ["get", "patch", "create", ...(isKind ? [] : ["delete"])];
      const rule = { apiGroups: [group], resources: [pluralOf(kind)], resourceNames: [metadata.name], verbs };
      return covers(owned, [rule]).map((atom) => `${atomText(atom)} in ${metadata.namespace}`);
    });
    expect({ namespace, values, lacking }).toEqual({ namespace, values, lacking: [] });
  }
});

test("each object of these is one that the API server takes, and knows every field of", async () => {
  const crds = await operatorCrds("servicemonitors", "prometheusrules");
  await kubectl("apply", "--server-side", ...crds.flatMap((file) => ["-f", file]));
  const names = ["crd/servicemonitors.monitoring.coreos.com", "crd/prometheusrules.monitoring.coreos.com"];
  await kubectl("wait", "--for=condition=Established", "--timeout=120s", ...names);
  // They are listed among what the API server serves a moment after they are established.
  const listed = () => kubectl("api-resources", "--api-group=monitoring.coreos.com", "--output=name").catch(() => "");
  await expect
    .poll(async () => (await listed()).trim().split("\n").sort())
    .toEqual(expect.arrayContaining(names.map((name) => name.slice("crd/".length))));
  const objects = choices.flatMap(({ namespace, values }) => expected(namespace, values).map(({ object }) => JSON.stringify(object)));
  const distinct = [...new Set(objects)].map((text) => JSON.parse(text) as object);
  const file = await writeValues(join(folder, "objects.json"), { apiVersion: "v1", kind: "List", items: distinct });
  const asked = ["--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-o", "name", "-f", file];
  const taken = await kubectl("apply", ...asked);
  expect(taken.trim().split("\n")).toHaveLength(distinct.length);
});

describe.for(versions)("Helm %i refuses", (version) => {
  test.for<[string, object, string]>([
    ["a key that there isn't", { replicaCount: 3 }, "additional properties 'replicaCount' not allowed"],
    ["a feature that there isn't", { features: { pipelnes: {} } }, "at '/features': additional properties 'pipelnes' not allowed"],
    ["a number as a word", { replicas: "two" }, "at '/replicas': got string, want integer"],
    ["a tag that YAML takes for a number", { image: { tag: 1.1 } }, "at '/image/tag': got number, want string"],
    ["a variable that YAML takes for a number", { extraEnv: [{ name: "A", value: 1 }] }, "at '/extraEnv/0/value': got number, want string"],
    ["one of a list in place of the list", { namespaces: "a" }, "at '/namespaces': got string, want array"],
    ["a namespace twice", { namespaces: ["a", "a"] }, "at '/namespaces': items at 0 and 1 are equal"],
    ["a name that no namespace has", { namespaces: ["A"] }, "at '/namespaces/0': 'A' does not match pattern"],
    ["a word that isn't one of those", { isolation: "pod" }, "at '/isolation': value must be one of 'shared', 'feature'"],
    ["a key with nothing beneath it", { image: null }, "missing property 'image'"],
    ["a list with nothing beneath it", { resources: { limits: null } }, "at '/resources': missing property 'limits'"],
    ["an extension of nothing", { extensions: [{ group: "ray.io" }] }, "at '/extensions/0': missing property 'resources'"],
    [
      "a deadline that isn't before the end",
      { leaderElection: { renewDeadline: "0h00m15s" } },
      "leaderElection.renewDeadline: is 0h00m15s: must be less than leaseDuration, 15s",
    ],
    [
      "a period that is too long for its deadline",
      { leaderElection: { leaseDuration: "1h", renewDeadline: "08m", retryPeriod: "4m1s" } },
      "leaderElection.retryPeriod: is 4m1s: must be more than 0 and at most half of renewDeadline, 08m",
    ],
    ["no time at all", { leaderElection: { leaseDuration: "0s" } }, "leaderElection.leaseDuration: is 0s: must be at least a second"],
  ])("%s", async ([name, values, message]) => {
    const file = await writeValues(join(folder, `${version} ${name}.json`), values);
    const args = ["template", chart, ...kubeVersion, "--values", file];
    const { code, stdout, stderr } = await helm(version, args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(() => readValues(JSON.stringify(values), "values.json")).toThrow(/^values\.json:1: /);
  });
});

test.for(versions)("a feature that is new in the values has a process, an account and rights of its own by Helm %i", async (version) => {
  const copy = join(folder, `copy-${version}`);
  await cp(chart, copy, { recursive: true });
  await rm(join(copy, "values.schema.json"));
  await writeFile(join(copy, "templates/_second.tpl"), '{{- define "plimsoll.rules.second" }}\n- {verbs: [get]}\n{{- end }}\n');
  const values = await readFile(join(copy, "values.yaml"), "utf8");
  await writeFile(join(copy, "values.yaml"), values.replace("\nfeatures:\n", "\nfeatures:\n  second: {enabled: true, odd: 7}\n"));
  const file = await writeValues(join(folder, `second-${version}.json`), { isolation: "feature" });
  const rendered = await render(version, file, "plimsoll-system", copy);
  const named = (kind: string): string[] => rendered.flatMap(({ object }) => (object.kind === kind ? [object.metadata.name] : [])).sort();
  const all = ["plimsoll-pipelines", "plimsoll-schedules", "plimsoll-second"];
  const kinds = ["Deployment", "ServiceAccount", "ConfigMap", "ClusterRoleBinding"];
  expect(Object.fromEntries(kinds.map((kind) => [kind, named(kind)]))).toEqual(Object.fromEntries(kinds.map((kind) => [kind, all])));
  const config = rendered.find(({ object: { kind, metadata } }) => kind === "ConfigMap" && metadata.name === "plimsoll-second");
  const text = (config as unknown as { object: { data: { "plimsoll.yaml": string } } }).object.data["plimsoll.yaml"];
  expect(JSON.parse(text.replace(/^#.*\n/, ""))).toMatchObject({
    leaderElection: { lease: "plimsoll-second" },
    features: { pipelines: { enabled: false }, second: { enabled: true, odd: 7 } },
  });
});

test("the chart's archive is the same each time, and both Helms take it", async () => {
  const one = await packageChart(join(folder, "one"));
  await utimes(join(chart, "README.md"), new Date(), new Date());
  const other = await packageChart(join(folder, "other"));
  expect(await readFile(one)).toEqual(await readFile(other));
  for (const version of versions) {
    const shown = await helm(version, ["show", "chart", one]);
    expect(parse(shown.stdout)).toEqual(parse(await readFile(join(chart, "Chart.yaml"), "utf8")));
    expect(await helm(version, ["lint", "--strict", one])).toMatchObject({ code: 0 });
    const rendered = (path: string) => helm(version, ["template", "plimsoll", path, ...kubeVersion]);
    expect(await rendered(one)).toEqual(await rendered(chart));
  }
});

test.for(versions)(
  "what `helm test` runs may run where only what is restricted may, by Helm %i, and tells whether the controller is ready",
  async (version) => {
    const { namespace } = await place();
    const args = ["template", "plimsoll", chart, "-n", namespace, ...kubeVersion, "--show-only", "templates/tests/ready.yaml"];
    const { stdout: text } = await helm(version, args);
    await writeFile(join(folder, `pod-${version}.yaml`), text);
    await kubectl("create", "--dry-run=server", "--validate=strict", "-f", join(folder, `pod-${version}.yaml`));
    const { spec } = parse(text) as { spec: { containers: [{ command: string[]; args: string[] }] } };
    const [{ command, args: given }] = spec.containers;
    expect(command).toEqual(["node"]);
    expect(given.at(-1)).toBe(`http://plimsoll-metrics.${namespace}.svc:8080`);
    const url = await controllerUrl();
    const { stdout } = await promisify(execFile)(process.execPath, [...given.slice(0, -1), url]);
    expect(stdout).toBe(`${url}: a controller is ready, and gives metrics\n`);
  },
);

/** Where a controller serves, which was only just started. */
async function controllerUrl(): Promise<string> {
  const program = fileURLToPath(new URL("../packages/controller/bin/plimsoll-controller.mjs", import.meta.url));
  const args = ["--kubeconfig", inject("controllerKubeconfig"), "--listen", "127.0.0.1:0"];
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  for await (const line of createInterface(child.stdout)) {
    const { port } = JSON.parse(line) as { port?: number };
    if (port === undefined) continue;
    child.stdout.resume();
    return `http://127.0.0.1:${port}`;
  }
  throw new Error("the controller ended");
}

function expected(namespace: string, values: object): InstalledObject[] {
  return objectsOf({ values: readValues(JSON.stringify(values), "values.json"), namespace, version: controller.version });
}

/** The rules of a role that count in a namespace. */
function rulesIn(object: KubernetesObject, namespace: string | undefined): PolicyRule[] {
  const { kind, metadata, rules = [] } = object as KubernetesObject & { rules?: PolicyRule[] };
  return kind === "ClusterRole" || (kind === "Role" && metadata.namespace === namespace) ? rules : [];
}

function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`.replace(/ys$/, "ies");
}

/** The objects with their comments, by what tells them apart. */
function byName(objects: readonly (Rendered | InstalledObject)[]): Record<string, object> {
  const entries = objects.map(({ object, comments }): [string, object] => {
    const { kind, metadata } = object;
    return [`${kind} ${metadata.namespace ?? ""} ${metadata.name}`, { object, comments }];
  });
  const found = Object.fromEntries(entries);
  expect(entries).toHaveLength(Object.keys(found).length);
  return found;
}
