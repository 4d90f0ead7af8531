import type { PipelineSpec } from "@plimsoll/api";
import { controllerToken } from "@plimsoll/controller";
import { completeObjects, readValues } from "@plimsoll/controller/installation";
import { ApiError, Transport } from "@plimsoll/kube";

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { place, type Place } from "./support/cluster.ts";
import { kubectl } from "./support/kubectl.ts";

const kinds = ["pipelines", "pipelineruns", "pipelineschedules", "backfills"];
const verbs = ["get", "create", "update", "patch", "delete"];
const ofKinds = { apiGroups: ["plimsoll.dev"], resources: kinds, verbs };
const ofPods = { apiGroups: [""], resources: ["pods"], verbs: ["create"] };
const ofAccounts = (verb: string, ...names: string[]) => ({
  apiGroups: [""],
  resources: ["serviceaccounts"],
  verbs: [verb],
  ...(names.length > 0 && { resourceNames: names }),
});

/** Users, by what they may do. */
const users = {
  writer: [ofKinds],
  runner: [ofKinds, ofPods],
  deployer: [ofKinds, ofPods, ofAccounts("use", "deploy")],
  impersonator: [ofKinds, ofPods, ofAccounts("impersonate")],
  "plimsoll-bot": [ofKinds],
};
type User = keyof typeof users;

let own: Place;
let folder: string;
const as = new Map<User, Sending>();

/** Sends objects as a user; gives the code of the answer, and its message. */
interface Sending {
  create: (kind: string, name: string, spec: object) => Promise<{ code: number; message: string }>;
  patch: (plural: string, name: string, patch: object) => Promise<{ code: number; message: string }>;
}

const steps = (...accounts: (string | undefined)[]): PipelineSpec => ({
  steps: accounts.map((serviceAccountName, index) => ({
    name: `s${index}`,
    image: "busybox",
    command: ["true"],
    ...(serviceAccountName === undefined ? {} : { pod: { serviceAccountName } }),
  })),
});
const pluralOf = (kind: string): string => `${kind.toLowerCase()}s`;
const objects = (pipeline: PipelineSpec): [kind: string, spec: object][] => [
  ["Pipeline", pipeline],
  ["PipelineRun", { pipeline }],
  ["PipelineSchedule", { interval: "1h", template: { spec: { pipeline } } }],
];
const backfill: [kind: string, spec: object] = ["Backfill", { schedule: "s", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }];

beforeAll(async () => {
  own = await place();
  folder = await mkdtemp(join(tmpdir(), "plimsoll-policy-"));
  const { namespace } = own;
  const values = readValues(JSON.stringify({ namespaces: [namespace], serviceAccount: { name: "plimsoll-bot" } }), "values.json");
  const policy = completeObjects({ values, given: {}, namespace, version: "0.0.0" }).flatMap(({ object }) =>
    object.kind.startsWith("ValidatingAdmissionPolicy") ? [object] : [],
  );
  const rbac = Object.entries(users).flatMap(([name, rules]) => {
    const metadata = { name, namespace };
    const apiVersion = "rbac.authorization.k8s.io/v1";
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name };
    return [
      { apiVersion: "v1", kind: "ServiceAccount", metadata },
      { apiVersion, kind: "Role", metadata, rules },
      { apiVersion, kind: "RoleBinding", metadata, roleRef, subjects: [{ kind: "ServiceAccount", name, namespace }] },
    ];
  });
  const file = join(folder, "objects.json");
  await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: [...policy, ...rbac] }));
  await kubectl("apply", "--server-side", "-f", file);
  const admin = Transport.fromKubeconfig(inject("kubeconfig"));
  for (const name of Object.keys(users) as User[]) as.set(name, sendingAs(await controllerToken(admin, { account: name, namespace })));
  await admin.close();
  // A policy takes some seconds to be in force.
  for (const deadline = Date.now() + 60_000; ; await sleep(500)) {
    const { code } = await user("writer").create("PipelineRun", `probe-${Date.now()}`, { pipeline: steps(undefined) });
    if (code === 403) break;
    if (Date.now() > deadline) throw new Error("the policy is not in force after a minute");
  }
});
afterAll(async () => {
  await kubectl("delete", "validatingadmissionpolicy,validatingadmissionpolicybinding", `plimsoll-runs.${own.namespace}`);
  await rm(folder, { recursive: true });
});

function user(name: User): Sending {
  const found = as.get(name);
  if (found === undefined) throw new Error(name);
  return found;
}

function sendingAs(token: string): Sending {
  const transport = Transport.fromKubeconfig(inject("kubeconfig"), { token, userAgent: "policy" });
  const base = `/apis/plimsoll.dev/v1alpha1/namespaces/${own.namespace}`;
  const told = async (sent: Promise<unknown>): Promise<{ code: number; message: string }> => {
    try {
      await sent;
      return { code: 200, message: "" };
    } catch (error) {
      if (error instanceof ApiError) return { code: error.code, message: error.message };
      throw error;
    }
  };
  return {
    create: (kind, name, spec) =>
      told(
        transport.request({
          method: "POST",
          path: `${base}/${pluralOf(kind)}`,
          body: { apiVersion: "plimsoll.dev/v1alpha1", kind, metadata: { name }, spec },
        }),
      ),
    patch: (plural, name, patch) =>
      told(
        transport.request({ method: "PATCH", path: `${base}/${plural}/${name}`, body: patch, contentType: "application/merge-patch+json" }),
      ),
  };
}

test.each([...objects(steps(undefined)), backfill])(
  "a %s is refused to who may not create pods, and taken from who may",
  async (kind, spec) => {
    expect(await user("writer").create(kind, "refused", spec)).toMatchObject({
      code: 403,
      message: expect.stringContaining(`may not create pods in namespace "${own.namespace}", which a ${kind} comes to`) as string,
    });
    expect(await user("runner").create(kind, "taken", spec)).toMatchObject({ code: 200 });
  },
);

test.each(objects(steps(undefined, "deploy")))(
  "a %s that names a ServiceAccount is taken from who may use it alone",
  async (kind, spec) => {
    expect(await user("runner").create(kind, "named", spec)).toMatchObject({
      code: 403,
      message: expect.stringContaining('may not use ServiceAccount "deploy"') as string,
    });
    expect(await user("deployer").create(kind, "named", spec)).toMatchObject({ code: 200 });
    expect(await user("impersonator").create(kind, "named-again", spec)).toMatchObject({ code: 200 });
  },
);

test.each<[string, PipelineSpec]>([
  ["of the whole pipeline", { ...steps(undefined), pod: { serviceAccountName: "admin" } }],
  ["of one step of many", steps("deploy", "deploy", undefined, "admin", "deploy")],
  ["of a step of finally", { ...steps("deploy"), finally: steps("admin").steps.map((step) => ({ ...step, name: "last" })) }],
])("the ServiceAccount %s counts", async (_, pipeline) => {
  for (const [kind, spec] of objects(pipeline))
    expect(await user("deployer").create(kind, "more", spec)).toMatchObject({
      code: 403,
      message: expect.stringContaining('may not use ServiceAccount "admin"') as string,
    });
});

test("eight ServiceAccounts are checked one by one, and nine are too many", async () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `a${index}`);
  expect(await user("impersonator").create("PipelineRun", "eight", { pipeline: steps(...names(8)) })).toMatchObject({ code: 200 });
  expect(await user("deployer").create("PipelineRun", "eight-not", { pipeline: steps("deploy", ...names(7)) })).toMatchObject({
    code: 403,
  });
  expect(await user("impersonator").create("PipelineRun", "nine", { pipeline: steps(...names(9)) })).toMatchObject({
    code: 422,
    message: expect.stringContaining("names more than 8 ServiceAccounts") as string,
  });
});

test("the largest pipeline that there may be is checked, too", async () => {
  const pipeline = steps(...Array.from({ length: 1500 }, (_, index) => (index % 2 === 0 ? "deploy" : undefined)));
  expect(await user("deployer").create("PipelineRun", "large", { pipeline })).toMatchObject({ code: 200 });
  expect(await user("runner").create("PipelineRun", "large-not", { pipeline })).toMatchObject({ code: 403 });
});

test("a change of what runs is held to the same, and one of labels isn't", async () => {
  await user("deployer").create("Pipeline", "changed", steps(undefined));
  expect(await user("writer").patch("pipelines", "changed", { metadata: { labels: { team: "a" } } })).toMatchObject({ code: 200 });
  expect(await user("writer").patch("pipelines", "changed", { spec: { description: "mine" } })).toMatchObject({ code: 403 });
  expect(await user("runner").patch("pipelines", "changed", { spec: { pod: { serviceAccountName: "deploy" } } })).toMatchObject({
    code: 403,
  });
  expect(await user("deployer").patch("pipelines", "changed", { spec: { pod: { serviceAccountName: "deploy" } } })).toMatchObject({
    code: 200,
  });
});

test("the controller itself does what others have asked for, without these rights", async () => {
  expect(await user("plimsoll-bot").create("PipelineRun", "by-controller", { pipeline: steps("deploy") })).toMatchObject({ code: 200 });
});
