import * as fc from "fast-check";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { features } from "../features.ts";
import { enabledFeatures } from "./features.ts";
import { ConfigError, loadConfig, readConfig } from "./read.ts";

const election = { lease: "plimsoll", leaseDuration: "15s", renewDeadline: "10s", retryPeriod: "2s" };

/** The problems of a text, each as it is printed. */
function told(text: string): string[] {
  try {
    readConfig(text, "p.yaml");
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

/** Those that run only where they are enabled, as they are by default. */
const optIn = Object.fromEntries(
  features.flatMap(({ name, config, isOptIn }) => (isOptIn ? [[name, { ...config.parse({}), enabled: false }]] : [])),
);

const defaults = {
  logLevel: "info",
  leaderElection: { ...election, lease: "plimsoll" },
  features: { ...optIn, pipelines: { enabled: true, podQPS: 100, podBurst: 200, kinds: [] }, schedules: { enabled: true, kinds: [] } },
};

test.each(["", "# nothing\n", "---\n", "{}", "features: {}", "features: {pipelines: {}}"])("%j is the default", (text) => {
  expect(readConfig(text, "p.yaml")).toEqual(defaults);
});

test("every key is taken as it stands, in YAML and in JSON alike", () => {
  const config = {
    logLevel: "debug",
    namespaces: ["team-a", "team-b"],
    leaderElection: { ...election, lease: "other" },
    features: {
      pipelines: { enabled: false, podQPS: 1.5, podBurst: 7, kinds: [{ apiVersion: "ray.io/v1", kind: "RayJob", resource: "rayjobs" }] },
      schedules: { enabled: false, kinds: [{ apiVersion: "batch/v1", kind: "Job", resource: "jobs" }] },
    },
  };
  const whole = { ...config, features: { ...optIn, ...config.features } };
  expect(readConfig(JSON.stringify(config, null, 2), "p.json")).toEqual(whole);
  const yaml = `logLevel: debug
namespaces: [team-a, team-b]
leaderElection:
  lease: other
features:
  pipelines:
    enabled: false
    podQPS: 1.5
    podBurst: 7
    kinds: [{apiVersion: ray.io/v1, kind: RayJob, resource: rayjobs}]
  schedules:
    enabled: false
    kinds: [{apiVersion: batch/v1, kind: Job, resource: jobs}]
`;
  const read = readConfig(yaml, "p.yaml");
  expect(read).toEqual(whole);
  expect(enabledFeatures(read)).toEqual([]);
});

test("every feature that there is has a section, and runs by default unless it is to be chosen", () => {
  const config = readConfig("", "p.yaml");
  expect(Object.keys(config.features)).toEqual(features.map(({ name }) => name));
  expect(enabledFeatures(config)).toEqual(features.flatMap(({ name, isOptIn }) => (isOptIn ? [] : [name])));
});

test.each<[text: string, ...lines: string[]]>([
  [
    "leaderElection: {renewDeadline: 20s}",
    "p.yaml:1: leaderElection.renewDeadline: is 20 s: must be less than leaseDuration, 15 s, or another may hold the lease before its holder stops",
  ],
  ['leaderElection: {leaseDuration: "15"}', 'p.yaml:1: leaderElection.leaseDuration: is "15": must be a duration'],
  [
    "leaderElection: {leaseDuration: 15}",
    "p.yaml:1: leaderElection.leaseDuration: is 15: must be a duration of hours, minutes and seconds, as in",
  ],
  ["\nlogLevl: debug", 'p.yaml:2: logLevl: there is no such field; did you mean "logLevel"?'],
  ["sails: 1", "p.yaml:1: sails: there is no such field; there is logLevel, namespaces, leaderElection, features"],
  ["features:\n  pipeline:\n    podQPS: 1", 'p.yaml:2: features.pipeline: there is no such feature; did you mean "pipelines"?'],
  ["features: {sails: {}}", "p.yaml:1: features.sails: there is no such feature; there is pipelines"],
  ["features:\n  pipelines:\n    podQps: 3", 'p.yaml:3: features.pipelines.podQps: there is no such field; did you mean "podQPS"?'],
  ["__proto__: {a: 1}\nconstructor: 1", "p.yaml:1: __proto__: there is no such field; there is", "p.yaml:2: constructor: there is no such"],
  ["logLevel: loud", 'p.yaml:1: logLevel: is "loud": must be trace, debug, info, warn or error'],
  [
    "features:\n  pipelines:\n    enabled: yes",
    "p.yaml:3: features.pipelines.enabled: yes is a text in YAML 1.2, and true to kubectl and Helm",
  ],
  ["features:\n  pipelines:", "p.yaml:2: features.pipelines: is null: must be a map"],
  ["features: [pipelines]", "p.yaml:1: features: is a list: must be a map"],
  ['features: {pipelines: {podQPS: "9"}}', 'p.yaml:1: features.pipelines.podQPS: is "9": must be a number'],
  [
    "features:\n  pipelines:\n    kinds:\n      - {apiVersion: v1, kind: Pod, resource: pods}\n      - {apiVersion: plimsoll.dev/v1alpha1, kind: PipelineRun, resource: pipelineruns}",
    "p.yaml:4: features.pipelines.kinds[0]: is v1 Pod: a step with an image makes pods",
    "p.yaml:5: features.pipelines.kinds[1].apiVersion: is of plimsoll.dev: who writes its kinds is asked for more than the right to create them",
  ],
  [
    "features:\n  pipelines:\n    kinds:\n      - {apiVersion: batch/v1, kind: Job, resource: jobs}\n      - {apiVersion: batch/v1, kind: Job, resource: jobs}",
    "p.yaml:5: features.pipelines.kinds[1]: batch/v1 Job stands there twice: name it once",
  ],
  ...["pipelines", "schedules", "workloads"].map((name): [string, string] => [
    `features:\n  ${name}:\n    kinds:\n      - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, resource: clusterroles}`,
    `p.yaml:4: features.${name}.kinds[0].kind: its objects belong to no namespace: only kinds whose objects do can be listed`,
  ]),
  ["features: {pipelines: {podQPS: .inf}}", "p.yaml:1: .inf is no number to JSON, nor to kubectl: put it in quotes"],
  [
    "features:\n  pipelines:\n    podQPS: 0\n    podBurst: 100001",
    "p.yaml:3: features.pipelines.podQPS: is 0: must be at least 1",
    "p.yaml:4: features.pipelines.podBurst: is 100001: must be at most 100000",
  ],
  ["namespaces: team-a", 'p.yaml:1: namespaces: is "team-a": must be a list'],
  ["namespaces: []", "p.yaml:1: namespaces: is empty: must have at least 1 entry"],
  ["namespaces:\n- a\n- B_C", 'p.yaml:3: namespaces[1]: is "B_C": no namespace has such a name: give at most 63 lower-case letters'],
  ["namespaces: [a]\nlogLevel: info\nnamespaces: [b]", "p.yaml:3: this key stands in its map twice: keep one of them"],
  ["namespaces: [a, b, a]", 'p.yaml:1: namespaces[2]: "a" stands there twice: name it once'],
  ["leaderElection: {lease: A}", 'p.yaml:1: leaderElection.lease: is "A": must be lower-case letters'],
  ["logLevel: info\n---\nlogLevel: warn", "p.yaml:3: a second document begins here: keep one of them"],
  ["- logLevel: info", "p.yaml:1: is no map of keys"],
  ["a: [", "p.yaml:1: not YAML: "],
  ["a: &a [*a]", "p.yaml:1: not YAML that can be read: *a stands for what it is in"],
])("%j is refused, a line each", (text, ...lines) => {
  expect(told(text)).toEqual(lines.map((line) => expect.stringContaining(line) as string));
});

test("of a file that is something else, nothing is told but the names of its keys", () => {
  const secret = "c2VjcmV0".repeat(9);
  expect(told(`apiVersion: v1\nkind: Secret\ndata: {password: ${secret}}\n`).join()).not.toContain("c2Vj");
  expect(told(`a: 1\n} ${secret}\n`)).toEqual([expect.stringMatching(/ in YAML stream$/)]);
  expect(told(`-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`).join()).not.toContain("c2Vj");
});

test("whatever a text holds, it is read, or refused by short lines that each name the file and a line of it", () => {
  const word = fc.constantFrom(
    "logLevel",
    "features",
    "pipelines",
    "podQPS",
    "namespaces",
    ": ",
    "\n",
    "  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "1",
  );
  const odd = fc.constantFrom(
    "&a",
    "*a",
    "<<: ",
    "!!binary ",
    "? ",
    "|\n",
    "---\n",
    "%",
    '"',
    "'",
    "\t",
    "\u0000",
    "\u001b[1m",
    "__proto__",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, odd, fc.string({ maxLength: 5 })), { maxLength: 30 }), (parts) => {
      for (const line of told(parts.join(""))) expect(line).toMatch(/^p\.yaml:[1-9]\d*: .{1,400}$/s);
    }),
    { numRuns: 2_000 },
  );
});

test.each(["[", "{a: ", "- "])("of a text that repeats %j without end, no more than ten problems are told", (open) => {
  const { length } = told(open.repeat(50_000));
  expect(length).toBeGreaterThan(0);
  expect(length).toBeLessThanOrEqual(10);
});

test("a file that isn't there or can't be read is told with its name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-config-"));
  const file = join(folder, "p.yaml");
  await expect(loadConfig(file)).rejects.toThrow(`${file}: cannot be read: ENOENT`);
  await expect(loadConfig(folder)).rejects.toThrow(`${folder}: cannot be read: EISDIR`);
  writeFileSync(file, "logLevel: warn");
  await expect(loadConfig(file)).resolves.toEqual({ ...defaults, logLevel: "warn" });
  await expect(loadConfig(undefined)).resolves.toEqual(defaults);
});
