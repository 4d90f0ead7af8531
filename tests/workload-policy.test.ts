import { initialKinds } from "@plimsoll/features/workloads";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { elsewhere, policySite, type PolicySite } from "./support/policy-site.ts";
import { idleObjects, resources } from "./support/workloads.ts";

const verbs = ["get", "create", "update", "patch", "delete"];
const ofSets = { apiGroups: ["plimsoll.dev"], resources: ["workloadsets"], verbs };
const of = (name: string, some = verbs): object => {
  const [resource, group = ""] = name.split(/\.(.*)/);
  return { apiGroups: [group], resources: [resource], verbs: some };
};

/** Users, by what they may do beside writing sets. */
const users = {
  writer: [ofSets],
  mapper: [ofSets, of("configmaps")],
  deployer: [ofSets, of("configmaps"), of("deployments.apps")],
  creator: [ofSets, of("configmaps"), of("deployments.apps", ["create", "patch"])],
  owner: [ofSets, ...resources.map((name) => of(name)), of("things.example.dev")],
  "plimsoll-bot": [ofSets],
};
type User = keyof typeof users;

let site: PolicySite<User>;
const user = (name: User) => site.user(name);

/** One more than a policy can look at, so that there are two. */
const kinds = [...initialKinds, { apiVersion: "example.dev/v1", kind: "Thing", resource: "things" }];

beforeAll(async () => {
  // The feature works elsewhere: what is written here now would be kept once it is given this namespace, too.
  const workloads = { enabled: true, kinds, namespaces: [elsewhere] };
  site = await policySite(users, { serviceAccount: { name: "plimsoll-bot" }, features: { workloads } });
  const inForce = async (act: () => Promise<{ code: number }>): Promise<void> => {
    for (const deadline = Date.now() + 120_000; (await act()).code !== 403; await sleep(500))
      if (Date.now() > deadline) throw new Error("the policies are not in force after two minutes");
  };
  await inForce(() => user("writer").create("WorkloadSet", `probe-${Date.now()}`, { manifests: [map] }));
  await inForce(() => user("writer").create("WorkloadSet", `probe-${Date.now()}`, { manifests: [thing] }));
  await inForce(() => user("mapper").send("POST", "configmaps", source(`probe-${Date.now()}`, "deployments.apps")));
  await inForce(() => user("mapper").send("POST", "configmaps", source(`probe-${Date.now()}`, "things.example.dev")));
});
afterAll(() => site.close());

const { configmaps: map, "deployments.apps": deployment } = idleObjects("x");
const thing = { apiVersion: "example.dev/v1", kind: "Thing", metadata: { name: "x" } };
const source = (name: string, listed: string, label = "plimsoll.dev/workload-source"): object => ({
  metadata: { name, labels: { [label]: "" }, annotations: { "plimsoll.dev/workload-resources": listed } },
  data: { "manifests.yaml": "" },
});
const refused = (resource: string): object => ({
  code: 403,
  message: expect.stringContaining(
    `may not have ${resource} kept in namespace "${site.namespace}": this takes create, patch and delete on ${resource}`,
  ) as string,
});

test("a set is taken from who may create, patch and delete what is in it, and refused to others", async () => {
  const spec = { manifests: [map, deployment] };
  expect(await user("writer").create("WorkloadSet", "writer", spec)).toMatchObject(refused("configmaps"));
  expect(await user("mapper").create("WorkloadSet", "mapper", spec)).toMatchObject(refused("deployments.apps"));
  expect(await user("creator").create("WorkloadSet", "creator", spec)).toMatchObject(refused("deployments.apps"));
  expect(await user("deployer").create("WorkloadSet", "deployer", spec)).toMatchObject({ code: 200 });
  expect(await user("deployer").create("WorkloadSet", "thing", { manifests: [thing] })).toMatchObject(refused("things.example.dev"));
});

test("what a set had before counts, too: what it lists no longer is deleted", async () => {
  await user("deployer").create("WorkloadSet", "changed", { manifests: [map, deployment] });
  expect(await user("mapper").patch("workloadsets", "changed", { spec: { manifests: [map] } })).toMatchObject(refused("deployments.apps"));
  expect(await user("mapper").patch("workloadsets", "changed", { spec: { suspend: true } })).toMatchObject(refused("deployments.apps"));
  expect(await user("mapper").patch("workloadsets", "changed", { metadata: { labels: { team: "a" } } })).toMatchObject({ code: 200 });
  expect(await user("deployer").patch("workloadsets", "changed", { spec: { manifests: [map] } })).toMatchObject({ code: 200 });
  expect(await user("mapper").patch("workloadsets", "changed", { spec: { manifests: [map, deployment] } })).toMatchObject(
    refused("deployments.apps"),
  );
});

test("a set is deleted by who may delete what goes with it, and where nothing does by whoever may delete sets", async () => {
  await user("deployer").create("WorkloadSet", "deleted", { manifests: [deployment] });
  await user("deployer").create("WorkloadSet", "orphans", { manifests: [deployment], deletionPolicy: "orphan" });
  expect(await user("mapper").delete("workloadsets", "deleted")).toMatchObject(refused("deployments.apps"));
  expect(await user("deployer").delete("workloadsets", "deleted")).toMatchObject({ code: 200 });
  expect(await user("mapper").delete("workloadsets", "orphans")).toMatchObject({ code: 200 });
});

test("a set of every kind, and the largest that there may be, is within what the API server lets a policy ask", async () => {
  const many = Array.from({ length: 190 }, (_, index) => ({ ...deployment, metadata: { name: `x${index}` } }));
  const manifests = [...Object.values(idleObjects("x")), thing, ...many];
  expect(await user("owner").create("WorkloadSet", "every", { manifests })).toMatchObject({ code: 200 });
  expect(await user("owner").patch("workloadsets", "every", { spec: { manifests: [thing, ...many] } })).toMatchObject({ code: 200 });
  expect(await user("owner").delete("workloadsets", "every")).toMatchObject({ code: 200 });
});

test("a kind that sets may not hold, or by an expression, is taken from nobody: it would be kept once it is listed", async () => {
  expect(await user("writer").create("WorkloadSet", "odd", { manifests: [{ ...deployment, kind: 7 }] })).toMatchObject({ code: 422 });
  const unlisted = {
    code: 403,
    message: expect.stringContaining("holds a kind that sets may not hold here: features.workloads.kinds") as string,
  };
  const byExpression = { manifests: [{ ...deployment, kind: "${{ params.kind }}" }] };
  expect(await user("owner").create("WorkloadSet", "other", byExpression)).toMatchObject(unlisted);
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "x" } };
  expect(await user("owner").create("WorkloadSet", "planted", { manifests: [map, secret] })).toMatchObject(unlisted);
  const reads = { source: { configMap: { name: "app", resources: ["secrets"] } } };
  expect(await user("owner").create("WorkloadSet", "reads-planted", reads)).toMatchObject(unlisted);
  expect(await user("owner").send("POST", "configmaps", source("planted", "configmaps, secrets"))).toMatchObject(unlisted);
});

test("a set that reads from a ConfigMap takes the rights for the resources that it lists", async () => {
  const spec = { source: { configMap: { name: "app", resources: ["configmaps", "deployments.apps"] } } };
  expect(await user("mapper").create("WorkloadSet", "reads", spec)).toMatchObject(refused("deployments.apps"));
  expect(await user("deployer").create("WorkloadSet", "reads", spec)).toMatchObject({ code: 200 });
});

test("a ConfigMap that sets read from is written by who has the rights for the resources in its annotation", async () => {
  const listed = "configmaps, deployments.apps";
  expect(await user("mapper").send("POST", "configmaps", source("app", listed))).toMatchObject(refused("deployments.apps"));
  expect(await user("deployer").send("POST", "configmaps", source("app", listed))).toMatchObject({ code: 200 });
  const change = (patch: object) => user("mapper").send("PATCH", "configmaps/app", patch);
  expect(await change({ data: { "manifests.yaml": "a" } })).toMatchObject(refused("deployments.apps"));
  // What it listed before counts, too.
  expect(await change({ metadata: { annotations: { "plimsoll.dev/workload-resources": "configmaps" } } })).toMatchObject(
    refused("deployments.apps"),
  );
  expect(await change({ metadata: { annotations: { "plimsoll.dev/workload-resources": null } } })).toMatchObject(
    refused("deployments.apps"),
  );
  expect(await change({ metadata: { labels: { "plimsoll.dev/workload-source": null } } })).toMatchObject(refused("deployments.apps"));
  expect(await user("deployer").send("PATCH", "configmaps/app", { data: { "manifests.yaml": "a" } })).toMatchObject({ code: 200 });
});

test("a ConfigMap that becomes one of these is held to the same, and others aren't", async () => {
  expect(await user("mapper").send("POST", "configmaps", source("late", "deployments.apps", "team"))).toMatchObject({ code: 200 });
  const label = { metadata: { labels: { "plimsoll.dev/workload-source": "" } } };
  expect(await user("mapper").send("PATCH", "configmaps/late", label)).toMatchObject(refused("deployments.apps"));
  expect(await user("deployer").send("PATCH", "configmaps/late", label)).toMatchObject({ code: 200 });
  expect(await user("mapper").send("DELETE", "configmaps/late")).toMatchObject({ code: 200 });
  // The next of its name promises nothing that its writer may not do: a set that lists more takes nothing of it.
  expect(await user("mapper").send("POST", "configmaps", source("late", "configmaps"))).toMatchObject({ code: 200 });
});

test("the controller itself does what others have asked for, without these rights", async () => {
  expect(await user("plimsoll-bot").create("WorkloadSet", "by-controller", { manifests: [deployment] })).toMatchObject({ code: 200 });
});
