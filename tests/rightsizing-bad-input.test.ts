import { expect, afterAll, beforeAll, test } from "vitest";
import { idlePod } from "./support/cluster.ts";
import { ownCluster, type OwnCluster } from "./support/own-cluster.ts";
import { adviceOf, createPolicy, saysOf, untilPolicy } from "./support/sizing.ts";
import { endUsage, writeSample } from "./support/usage.ts";

let cluster: OwnCluster;
beforeAll(async () => {
  cluster = await ownCluster("odd-metrics", { rightsizing: { interval: "1s", checkpointInterval: "1s" } });
});
afterAll(() => cluster?.close());

const use = (cpu: string, memory: string) => [{ name: "x", usage: { cpu, memory } }];

test("what makes no sense is left out and told, changes no recommendation, and is over when it is", async () => {
  const { kubeconfig } = cluster;
  const place = await cluster.place();
  const { client, namespace } = place;
  await client("pods").create(idlePod(namespace, "one"));
  await createPolicy(place, "all");
  await writeSample(kubeconfig, { namespace, pod: "one", containers: use("200m", "100Mi") });
  const good = await untilPolicy(place, "all", (policy) => adviceOf(policy, "Pod/one x")?.target !== undefined);
  const { target, samples } = adviceOf(good, "Pod/one x") ?? {};
  expect(saysOf(good, "MetricsAvailable")).toBe("True/Answers: metrics.k8s.io answers");
  for (const [sample, message] of [
    [{ containers: use("-200m", "100Mi") }, 'cpu "-200m" is less than nothing'],
    [{ containers: use("100m", "a lot") }, 'memory "a lot" is no quantity'],
    [{ containers: [{ name: "x", usage: { cpu: "1m" } }] }, "memory is missing"],
    [{ containers: use("90000", "100Mi") }, "90000000m of CPU, 100Mi of memory is more than there can be"],
    [{ containers: use("100m", "100Mi"), timestamp: "2099-01-01T00:00:00Z" }, "the time 2099-01-01T00:00:00Z is still to come"],
    [{ containers: use("100m", "100Mi"), timestamp: "never" }, 'the time "never" is none'],
  ] as const) {
    await writeSample(kubeconfig, { namespace, pod: "one", ...sample, containers: [...sample.containers] });
    const odd = await untilPolicy(place, "all", (policy) => saysOf(policy, "MetricsAvailable").includes(message));
    expect(saysOf(odd, "MetricsAvailable")).toMatch(/^True\/Odd: /);
    expect(adviceOf(odd, "Pod/one x")).toMatchObject({ target, samples });
  }
  await writeSample(kubeconfig, { namespace, pod: "one", containers: use("200m", "100Mi") });
  await untilPolicy(place, "all", (policy) => (adviceOf(policy, "Pod/one x")?.samples ?? 0) > (samples ?? 0));
  await endUsage(kubeconfig);
  const away = await untilPolicy(place, "all", (policy) => saysOf(policy, "MetricsAvailable").startsWith("False/NotAnswering"));
  expect(adviceOf(away, "Pod/one x")).toMatchObject({ target });
});

test("a policy that can't be carried out says which field is wrong; mended, it is carried out", async () => {
  const place = await cluster.place();
  const { client, namespace } = place;
  await client("pods").create(idlePod(namespace, "one"));
  await createPolicy(place, "wrong", { bounds: { memory: { min: "2Gi", max: "1Gi" } } });
  const wrong = await untilPolicy(place, "wrong", (policy) => saysOf(policy, "Valid") !== "");
  expect(saysOf(wrong, "Valid")).toBe("False/Invalid: spec.bounds.memory: min 2Gi is more than max 1Gi");
  await client("rightsizingpolicies.plimsoll.dev").patch({ namespace, name: "wrong" }, { spec: { bounds: { memory: { max: "4Gi" } } } });
  await untilPolicy(place, "wrong", (policy) => saysOf(policy, "Valid").startsWith("True/") && adviceOf(policy, "Pod/one x") !== undefined);
});

test("of two policies for the same pods, the older has them, and the other says so", async () => {
  const place = await cluster.place();
  const { client, namespace } = place;
  await client("pods").create(idlePod(namespace, "one"));
  await createPolicy(place, "first");
  await untilPolicy(place, "first", (policy) => adviceOf(policy, "Pod/one x") !== undefined);
  await createPolicy(place, "second");
  const second = await untilPolicy(place, "second", (policy) => saysOf(policy, "Recommending") !== "");
  expect(saysOf(second, "Recommending")).toBe("False/NoPods: it has chosen no pod yet; 1 pod that it chooses belongs to an older policy");
});

test.each<[string, object, RegExp]>([
  ["an unknown mode", { mode: "sometimes" }, /spec\.mode: Unsupported value: "sometimes"/],
  ["an empty selector", { selector: {} }, /an empty selector would choose everything/],
  ["a resource that isn't sized", { resources: ["nvidia.com/gpu"] }, /spec\.resources\[0\]: Unsupported value/],
  ["settings for a container that is ignored", { containers: [{ name: "a", ignore: true, limits: "keep" }] }, /has no other settings/],
])("the API server refuses %s", async (_, spec, message) => {
  const place = await cluster.place();
  await expect(createPolicy(place, "bad", spec as never)).rejects.toThrow(message);
});
