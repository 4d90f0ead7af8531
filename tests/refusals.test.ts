import type { Step } from "@plimsoll/api";
import { builtin, gate, resource, Transport } from "@plimsoll/kube";
import type { LimitRange, ResourceQuota, ServiceAccount } from "kubernetes-types/core/v1.d.ts";
import { expect, test, vi } from "vitest";
import { place, simulated } from "./support/cluster.ts";

const { declare, allow } = gate({
  ...builtin,
  resourcequotas: resource<ResourceQuota>({ group: "", version: "v1", plural: "resourcequotas", kind: "ResourceQuota", namespaced: true }),
  limitranges: resource<LimitRange>({ group: "", version: "v1", plural: "limitranges", kind: "LimitRange", namespaced: true }),
  serviceaccounts: resource<ServiceAccount>({
    group: "",
    version: "v1",
    plural: "serviceaccounts",
    kind: "ServiceAccount",
    namespaced: true,
  }),
});
const permissions = declare("refusals", [
  allow("create", "resourcequotas", "to have too little of something"),
  allow("create", "limitranges", "to allow too little of something"),
  allow("create", "serviceaccounts", "to give what was missing"),
  allow("create", "pods", "to see whether a limit is in force"),
]);

const step = (more: Partial<Step>): Step => ({ name: "a", image: "busybox", command: ["true"], ...more });

test.concurrent.each<[what: string, more: Partial<Step>, words: RegExp]>([
  ["a ServiceAccount", { pod: { serviceAccountName: "nobody" } }, /error looking up service account .*serviceaccount "nobody" not found/],
  ["a PriorityClass", { pod: { priorityClassName: "nothing" } }, /no PriorityClass with name nothing was found/],
  ["a RuntimeClass", { pod: { runtimeClassName: "nothing" } }, /RuntimeClass "nothing" not found/],
])("a step whose pod is refused for %s that isn't there waits, and says so in the API server's words", async (_what, more, words) => {
  const { start, until } = await place();
  await start({ pod: simulated, steps: [step({ ...more, pod: { ...simulated, ...more.pod } })] }, { name: "run" });
  const { status } = await until("run", (run) => words.test(run.status?.steps?.["a"]?.message ?? ""));
  expect(status).toMatchObject({ phase: "Running", message: expect.stringMatching(words) as string, steps: { a: { phase: "Pending" } } });
});

test.concurrent("it goes on when what was missing is there", async () => {
  const { kubeconfig, namespace, start, until, ended } = await place();
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" });
  await start({ pod: { ...simulated, serviceAccountName: "late" }, steps: [step({})] }, { name: "run" });
  await until("run", ({ status }) => status?.steps?.["a"]?.phase === "Pending");
  await permissions
    .client(transport)("serviceaccounts")
    .create({ metadata: { namespace, name: "late" } });
  const { status } = await ended("run");
  expect(status).toMatchObject({ phase: "Succeeded" });
  expect(status).not.toHaveProperty("message");
  await transport.close();
});

test.concurrent.each<[what: string, words: RegExp, limit: "quota" | "range"]>([
  ["a quota on cpu", /exceeded quota: cpu, requested: requests.cpu=2/, "quota"],
  ["a LimitRange", /maximum cpu usage per Container is 1, but limit is 2/, "range"],
])("a step that %s leaves no room for waits, and says so in the API server's words", async (_what, words, limit) => {
  const { kubeconfig, namespace, start, until } = await place();
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" });
  const admin = permissions.client(transport);
  if (limit === "quota")
    await admin("resourcequotas").create({ metadata: { namespace, name: "cpu" }, spec: { hard: { "requests.cpu": "1" } } });
  else
    await admin("limitranges").create({
      metadata: { namespace, name: "cpu" },
      spec: { limits: [{ type: "Container", max: { cpu: "1" } }] },
    });
  const resources = { requests: { cpu: "2" }, limits: { cpu: "2" } };
  // Admission learns of a limit by a watch: until then it lets everything pass.
  const security = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  const probe = {
    metadata: { namespace, generateName: "probe-" },
    spec: { nodeSelector: { none: "such" }, containers: [{ name: "x", image: "busybox", resources, securityContext: security }] },
  };
  await vi.waitFor(() => expect(admin("pods").create(probe)).rejects.toThrow(words), { timeout: 120_000, interval: 200 });
  await start({ pod: simulated, steps: [step({ resources })] }, { name: "run" });
  const { status } = await until("run", (run) => words.test(run.status?.steps?.["a"]?.message ?? ""));
  expect(status?.steps?.["a"]?.phase).toBe("Pending");
  await transport.close();
});

test.concurrent("a step that the namespace's Pod Security forbids waits, and says what is forbidden", async () => {
  const { start, until } = await place();
  const words = /violates PodSecurity "restricted:latest": runAsNonRoot != true/;
  await start({ pod: { ...simulated, securityContext: { runAsNonRoot: false } }, steps: [step({})] }, { name: "run" });
  const { status } = await until("run", (run) => words.test(run.status?.steps?.["a"]?.message ?? ""));
  expect(status?.steps?.["a"]?.phase).toBe("Pending");
});
