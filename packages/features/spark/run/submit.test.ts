import { ApiError } from "@plimsoll/kube";
import { expect, test } from "vitest";
import { digestOf } from "../attempt.ts";
import { config } from "../config.ts";
import { readSpec, some, someSpec } from "../testing/application.ts";
import { Submitter } from "./submit.ts";

type Pod = { metadata: { name: string; uid: string } };

/** A submitter on an API server in memory, which answers with what `refused` has by resource, and of the dry run for `executors`. */
function trial() {
  const pods = new Map<string, Pod>();
  const spec = readSpec(someSpec({}, {}, { template: { spec: { priorityClassName: "high" } } }));
  const refused = new Map<string, [code: number, message: string]>();
  const failWhere = (of: string): void => {
    const [code, message] = refused.get(of) ?? [];
    if (code !== undefined) throw new ApiError(`POST ${of}`, code, { kind: "Status", message });
  };
  const client = (resource: string) => ({
    create: async (object: Pod, { dryRun }: { dryRun?: string } = {}) => {
      failWhere(dryRun === undefined ? resource : "executors");
      if (resource !== "pods" || dryRun !== undefined) return object;
      const { name } = object.metadata;
      if (pods.has(name)) throw new ApiError("POST pods", 409, { kind: "Status", reason: "AlreadyExists" });
      const made = { ...object, metadata: { ...object.metadata, uid: "u" } };
      pods.set(name, made);
      return made;
    },
    get: async ({ name }: { name: string }) => {
      const pod = pods.get(name);
      if (pod === undefined) throw new ApiError("GET pods", 404, { kind: "Status", reason: "NotFound" });
      return pod;
    },
    delete: async ({ name }: { name: string }) => pods.delete(name),
  });
  const submitter = new Submitter(client as never, config.parse({}));
  const submit = (number = 1) =>
    submitter.submit({ ...some, labels: {} } as never, spec, { generation: 1, number, digest: digestOf(spec) });
  return { pods, refused, submit };
}

test("what can't be made is told by its name, and leaves no driver", async () => {
  const { pods, refused, submit } = trial();
  refused.set("pods", [422, "spec: is wrong"]);
  expect(await submit()).toEqual({ why: "no driver can be made: spec: is wrong" });
  refused.clear();
  refused.set("services", [403, "services is forbidden: exceeded quota"]);
  expect(await submit()).toEqual({ why: "what goes with the driver can't be made: services is forbidden: exceeded quota" });
  expect(pods.size).toBe(0);
});

test("a driver that was made before its process ended goes where executors are refused by now, and another's pod stays", async () => {
  const { pods, refused, submit } = trial();
  refused.set("configmaps", [500, "etcd is away"]);
  await expect(submit()).rejects.toThrow("etcd is away");
  expect([...pods.keys()]).toEqual(["pi-driver"]);
  refused.set("executors", [422, "spec.tolerations: is wrong"]);
  const told = { why: "no executor can be made: spec.tolerations: is wrong" };
  expect(await submit(2)).toEqual(told);
  expect(pods.size).toBe(1);
  expect(await submit()).toEqual(told);
  expect(pods.size).toBe(0);
});

test.each([
  ["pods is forbidden: no PriorityClass with name high was found", true],
  [
    "pods is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name",
    true,
  ],
  ['pods is forbidden: violates PodSecurity "restricted:latest": hostNetwork', true],
  ["pods is forbidden: insufficient quota to match these scopes: [{PriorityClass In [high]}]", false],
  ["pods is forbidden: exceeded quota: all", false],
])("that an executor is refused by %s: %s", async (message, isFinal) => {
  const { refused, submit } = trial();
  refused.set("executors", [403, message]);
  expect(await submit()).toEqual(isFinal ? { why: `no executor can be made: ${message}` } : { uiPort: 4040 });
});
