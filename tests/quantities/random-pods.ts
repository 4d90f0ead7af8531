import type { Container, Pod, PodSpec } from "kubernetes-types/core/v1.d.ts";
import type { Random } from "../../bench/random.ts";

type List = Record<string, string>;

const suffixes = [
  "",
  "",
  "n",
  "u",
  "m",
  "m",
  "k",
  "M",
  "G",
  "T",
  "P",
  "E",
  "Ki",
  "Mi",
  "Gi",
  "Ti",
  "Pi",
  "Ei",
  "e0",
  "e3",
  "E-3",
  "e-7",
  "E+2",
];
/** What looks like a quantity, and sometimes is one. */
const odd = [
  "",
  ".",
  "1.",
  ".5",
  "+1",
  "-",
  "--1",
  "1 Gi",
  "1gi",
  "1K",
  "0x10",
  "1e",
  "1e1.5",
  "Infinity",
  "NaN",
  "1_000",
  "١",
  "1Gib",
  "mi",
  "-.5m",
  "m",
  "+",
  "-Gi",
  "e3",
];

/** A quantity, seldom something that is none. */
export function randomQuantity(random: Random): string {
  if (random.chance(0.05)) return random.of(odd);
  const sign = random.of(["", "", "", "", "", "+", "-"]);
  const whole = random.of([
    "0",
    "00",
    "1",
    "7",
    `${random.below(1_000)}`,
    `${random.below(2 ** 31)}`,
    `${random.below(2 ** 31)}${random.below(2 ** 31)}`,
  ]);
  const fraction = random.of([
    "",
    "",
    ".0",
    ".5",
    `.${random.below(1_000)}`,
    `.${random.below(2 ** 31)}${random.below(2 ** 31)}`,
    ".000000000000001",
  ]);
  return `${sign}${whole}${fraction}${random.of(suffixes)}`;
}

const cpu = (random: Random): string =>
  random.of([
    "0",
    "1m",
    "100m",
    "250m",
    "1",
    "1.5",
    "0.0001",
    "100u",
    "1234567n",
    "1e-3",
    "2E0",
    `${random.below(8_000)}m`,
    `${random.below(9)}.${random.below(99_999)}`,
  ]);

const memory = (random: Random): string =>
  random.of([
    "0",
    "64Mi",
    "1Gi",
    "1.5Gi",
    "500M",
    "100m",
    "0.5",
    "1e9",
    "128974848",
    "1234567890123u",
    "7k",
    `${random.below(4_096)}Mi`,
    `${random.below(2 ** 31)}`,
  ]);

const devices = (random: Random): string => random.of(["0", "1", "2", "8"]);

function list(random: Random): List {
  return {
    ...(random.chance(0.8) ? { cpu: cpu(random) } : {}),
    ...(random.chance(0.8) ? { memory: memory(random) } : {}),
    ...(random.chance(0.2) ? { "nvidia.com/gpu": devices(random) } : {}),
    ...(random.chance(0.2) ? { "ephemeral-storage": memory(random) } : {}),
    ...(random.chance(0.1) ? { "hugepages-2Mi": random.of(["2Mi", "4Mi"]) } : {}),
  };
}

const container = (random: Random, name: string): Container => ({
  name,
  ...(random.chance(0.9) ? { resources: { requests: list(random) } } : {}),
});

function statusOf(random: Random, { name }: Container): object {
  return {
    name,
    ready: true,
    restartCount: 0,
    image: "i",
    imageID: "i",
    ...(random.chance(0.7) ? { resources: random.chance(0.8) ? { requests: list(random) } : {} } : {}),
    ...(random.chance(0.7) ? { allocatedResources: list(random) } : {}),
  };
}

/** A pod with whatever bears upon its requests: sidecars, overhead, resources of the pod, resizes under way or in vain. */
export function randomPod(random: Random): Pod {
  const containers = Array.from({ length: 1 + random.below(3) }, (_, index) => container(random, `c${index}`));
  const initContainers = Array.from({ length: random.below(4) }, (_, index) => ({
    ...container(random, `i${index}`),
    ...(random.chance(0.4) ? { restartPolicy: "Always" } : {}),
  }));
  const spec: PodSpec & { resources?: object } = {
    containers,
    initContainers,
    ...(random.chance(0.2) ? { overhead: { cpu: cpu(random), memory: memory(random) } } : {}),
    ...(random.chance(0.2) ? { resources: random.chance(0.8) ? { requests: list(random) } : { limits: list(random) } } : {}),
  };
  if (random.chance(0.5)) return { spec };
  const status = {
    containerStatuses: containers.filter(() => random.chance(0.8)).map((one) => statusOf(random, one)),
    initContainerStatuses: initContainers.filter(() => random.chance(0.8)).map((one) => statusOf(random, one)),
    ...(random.chance(0.4) ? { resources: random.chance(0.8) ? { requests: list(random) } : {} } : {}),
    ...(random.chance(0.4) ? { allocatedResources: list(random) } : {}),
    ...(random.chance(0.4)
      ? {
          conditions: [
            { type: random.of(["PodResizePending", "PodResizeInProgress"]), status: "True", reason: random.of(["Infeasible", "Deferred"]) },
          ],
        }
      : {}),
  };
  return { spec, status: status as never };
}

/** A pod as the API server takes it, whose requests alone are random: of this namespace, for nodes with this label, and of a runtime with overhead or none. */
export function placeablePod(
  random: Random,
  metadata: { namespace: string; name: string },
  pool: string,
  runtimeClassName: string,
): object {
  const asked = () => ({
    resources: {
      requests: { cpu: cpu(random), memory: memory(random), ...(random.chance(0.3) ? { "ephemeral-storage": memory(random) } : {}) },
    },
  });
  const image = "busybox";
  return {
    metadata,
    spec: {
      nodeSelector: { pool },
      tolerations: [{ operator: "Exists" }],
      containers: Array.from({ length: 1 + random.below(3) }, (_, index) => ({ name: `c${index}`, image, ...asked() })),
      initContainers: Array.from({ length: random.below(4) }, (_, index) => ({
        name: `i${index}`,
        image,
        ...asked(),
        ...(random.chance(0.4) ? { restartPolicy: "Always" } : {}),
      })),
      ...(random.chance(0.3) ? { runtimeClassName } : {}),
      // No less than what its containers ask for.
      ...(random.chance(0.3) ? { resources: { requests: { cpu: `${100 + random.below(9)}.${random.below(9_999)}` } } } : {}),
    },
  };
}
