import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { PipelineRun } from "@plimsoll/api";
import { isAlreadyExists, Transport } from "@plimsoll/kube";
import { faultyProxy } from "@plimsoll/kube/testing";
import type { PolicyRule } from "@plimsoll/permissions";
import { beforeAll, expect, inject, onTestFinished, test, vi } from "vitest";
import { parse, stringify } from "yaml";
import { bind, untilAllowed, writeRole } from "../bench/reviews.ts";
import { place, type Place } from "./support/cluster.ts";
import { begin, commandsIn, file, pipeline, type Commands } from "./support/cli.ts";

let own: Place;
let inNamespace: Commands;
beforeAll(async () => {
  own = await place();
  inNamespace = commandsIn(own.namespace);
});

const runs = (...verbs: string[]): PolicyRule => ({ apiGroups: ["plimsoll.dev"], resources: ["pipelineruns"], verbs });
const pods = (...verbs: string[]): PolicyRule => ({ apiGroups: [""], resources: ["pods"], verbs });

test.each<[what: string, user: string, rules: [PolicyRule, ...PolicyRule[]], args: string[], lacks: RegExp]>([
  [
    "get --watch",
    "getter",
    [runs("get")],
    ["get", "stays", "--watch"],
    /cannot watch resource "pipelineruns" in API group "plimsoll\.dev" in the namespace "t-/,
  ],
  [
    "get --watch -o json",
    "lister",
    [runs("get", "list")],
    ["get", "stays", "--watch", "-o", "json"],
    /cannot watch resource "pipelineruns"/,
  ],
  [
    "run --watch",
    "starter",
    [runs("create", "get", "list"), pods("create")],
    ["run", pipeline, "--watch"],
    /cannot watch resource "pipelineruns"/,
  ],
  [
    "logs -f",
    "reader",
    [runs("get", "list", "watch"), pods("list"), { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }],
    ["logs", "stays", "-f"],
    /cannot watch resource "pods" in API group "" in the namespace "t-/,
  ],
])("%s ends with what is lacking where the user has no right to watch", async (_what, user, rules, args, lacks) => {
  await stays();
  const { code, stderr } = await inNamespace(...args, "--kubeconfig", await kubeconfigOf(user, rules));
  expect(stderr).toMatch(
    /error: to follow a run takes the rights to list and to watch (pods|pipelineruns\.plimsoll\.dev) in namespace "t-/,
  );
  expect(stderr).toMatch(lacks);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(code).toBe(1);
});

test("logs -f ends at once where the user has no right to read logs", async () => {
  await stays();
  const { code, stderr } = await inNamespace(
    "logs",
    "stays",
    "-f",
    "--kubeconfig",
    await kubeconfigOf("logless", [runs("get", "list", "watch"), pods("list", "watch")]),
  );
  expect(stderr).toMatch(/^error: [^\n]* cannot get resource "pods\/log" in API group "" in the namespace "t-[^\n]*\n$/);
  expect(code).toBe(1);
});

/** The run "stays", which doesn't end by itself. */
async function stays(): Promise<void> {
  await own.start({ steps: [{ name: "a", image: "busybox", command: ["sleep", "600"] }] }, { name: "stays" }).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}

/** The kubeconfig of a user who may do just so much in the test's namespace. */
async function kubeconfigOf(user: string, rules: [PolicyRule, ...PolicyRule[]]): Promise<string> {
  const role = { kind: "Role" as const, name: user, namespace: own.namespace };
  const [
    {
      apiGroups: [group = ""] = [],
      resources: [resource = ""] = [],
      verbs: [verb = ""],
    },
  ] = rules;
  const transport = Transport.fromKubeconfig(inject("kubeconfig"));
  await writeRole(transport, { ...role, rules });
  await bind(transport, user, role, own.namespace);
  await untilAllowed(transport, user, { verb, group, resource, namespace: own.namespace });
  await transport.close();
  const config = parse(readFileSync(inject("kubeconfig"), "utf8")) as { users: { user: object }[] };
  return file(
    `${user}.kubeconfig`,
    stringify({ ...config, users: config.users.map((entry) => ({ ...entry, user: { ...entry.user, as: user } })) }),
  );
}

test("a connection that breaks is told once, and the watch goes on; each state is printed as one object", async () => {
  const config = parse(readFileSync(inject("kubeconfig"), "utf8")) as { clusters: [{ cluster: { server: string } }] };
  const [{ cluster }] = config.clusters;
  await using proxy = await faultyProxy(new URL(cluster.server));
  const through = file(
    "through.kubeconfig",
    stringify({
      ...config,
      clusters: [
        { ...config.clusters[0], cluster: { ...cluster, server: `https://127.0.0.1:${proxy.port}`, "tls-server-name": "kubernetes" } },
      ],
    }),
  );
  await own.start({ steps: [{ name: "a", image: "busybox", command: ["sleep", "600"] }] }, { name: "cut" });
  await own.until("cut", ({ status }) => status?.phase === "Running");
  let [told, printed] = ["", ""];
  const child = begin(["get", "cut", "--watch", "-o", "json", "-n", own.namespace, "--kubeconfig", through]);
  child.stderr?.on("data", (text: string) => (told += text));
  child.stdout?.on("data", (text: string) => (printed += text));
  onTestFinished(() => void child.kill());
  await vi.waitFor(() => expect(printed).toMatch(/^\}$/m), { timeout: 120_000, interval: 100 });
  await vi.waitFor(
    () => {
      proxy.cut();
      expect(told).toContain("; trying again\n");
    },
    { timeout: 120_000, interval: 500 },
  );
  const ended = once(child, "close");
  await inNamespace("cancel", "cut");
  expect(await ended).toEqual([1, null]);
  const lines = told.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(/^error: run cut was cancelled$/);
  expect(new Set(lines).size).toBe(lines.length);
  const states = printed
    .split(/(?<=^\})\n/m)
    .filter(Boolean)
    .map((text) => JSON.parse(text) as PipelineRun);
  expect(states.map(({ status }) => status?.phase)).toEqual(expect.arrayContaining(["Running", "Cancelled"]));
  expect(new Set(states.map(({ metadata }) => metadata["resourceVersion"])).size).toBe(states.length);
});
