import type { Affinity, Node, PersistentVolume, Pod, PodSpec, Toleration } from "kubernetes-types/core/v1.d.ts";
import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";
import type { Random } from "../../bench/random.ts";

/** Some nodes and pods of their own, in which chance has used all that kube-scheduler looks at. */
export interface Scene {
  namespaces: { name: string; labels: Record<string, string> }[];
  nodes: Node[];
  /** Those that are there, bound; some are to be asked to end. */
  pods: { pod: Pod; ends: boolean }[];
  /** Those that the scheduler is asked about, one after the other. */
  asked: Pod[];
  volumes: PersistentVolume[];
}

const zone = "topology.kubernetes.io/zone";
const hostname = "kubernetes.io/hostname";
const gpu = "example.com/gpu";

/** A scene of this name; its nodes take no other scene's pods. */
export function sceneOf(random: Random, id: string): Scene {
  const namespaces = ["x", "y"].map((name) => ({ name: `${id}-${name}`, labels: { scene: id, team: name } }));
  const nodes = Array.from({ length: 4 + random.below(3) }, (_, at) => nodeOf(random, id, at));
  const volumes = ["a", "b"].map((name) => ({
    metadata: { name: `${id}-${name}` },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteMany"],
      storageClassName: "",
      hostPath: { path: "/none" },
      claimRef: { namespace: `${id}-x`, name: `claim-${name}` },
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: zone, operator: "In", values: [`${id}-${name}`] }] }] },
      },
    },
  }));
  const pods = Array.from({ length: 6 + random.below(8) }, (_, at) => {
    const pod = podOf(random, id, `there-${at}`, namespaces);
    const spec = pod.spec as PodSpec;
    return {
      // It is where it is, whatever it asks for.
      pod: { ...pod, spec: { ...spec, nodeName: random.of(nodes).metadata?.name ?? "", tolerations: [{ operator: "Exists" }] } },
      ends: random.chance(0.12),
    };
  });
  const asked = Array.from({ length: 10 }, (_, at) => pinned(random, podOf(random, id, `asked-${at}`, namespaces), id, nodes.length));
  return { namespaces, nodes, pods, asked, volumes };
}

function nodeOf(random: Random, id: string, at: number): Node {
  const name = `${id}-n${at}`;
  const size = {
    cpu: String(2 + random.below(3)),
    memory: `${4 + random.below(5)}Gi`,
    "ephemeral-storage": `${4 + random.below(8)}Gi`,
    pods: String(3 + random.below(8)),
    [pin(at)]: "1000",
    ...(random.chance(0.5) && { [gpu]: String(random.below(3)) }),
  };
  const effect = random.of(["NoSchedule", "NoExecute", "PreferNoSchedule"]);
  return {
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        scene: id,
        [hostname]: name,
        ...(random.chance(0.85) && { [zone]: `${id}-${random.of(["a", "b", "c"])}` }),
        ...(random.chance(0.7) && { disk: random.of(["ssd", "hdd"]) }),
        ...(random.chance(0.7) && { rank: random.of(["1", "3", "5", "x", "12"]) }),
      },
    },
    spec: {
      unschedulable: random.chance(0.1),
      taints: [
        { key: "scene", value: id, effect: "NoSchedule" },
        ...(random.chance(0.3) ? [{ key: "team", value: random.of(["a", "b"]), effect }] : []),
      ],
    },
    status: { capacity: size, allocatable: size },
  };
}

/** A resource that only the scenes' nodes of this number have: what asks for it can go nowhere else, and is the same otherwise. */
function pin(at: number): string {
  return `example.com/node-${at}`;
}

function pinned(random: Random, pod: Pod, id: string, nodes: number): Pod {
  const [container] = pod.spec?.containers ?? [];
  if (container === undefined || random.chance(0.4)) return pod;
  const resource = pin(random.below(nodes));
  const { requests = {}, limits = {} } = container.resources ?? {};
  const resources = { requests: { ...requests, [resource]: "1" }, limits: { ...limits, [resource]: "1" } };
  return { ...pod, spec: { ...pod.spec, containers: [{ ...container, resources }] } };
}

function podOf(random: Random, id: string, name: string, namespaces: Scene["namespaces"]): Pod {
  const namespace = random.of(namespaces).name;
  const some = <T>(share: number, value: () => T): T | undefined => (random.chance(share) ? value() : undefined);
  const gpus = some(0.15, () => String(random.below(3)));
  const claim = namespace.endsWith("x") ? some(0.2, () => random.of(["claim-a", "claim-b"])) : undefined;
  const port = some(0.2, () => ({
    containerPort: 80,
    hostPort: random.of([8080, 8081]),
    protocol: random.of(["TCP", "UDP"]),
    ...(random.chance(0.4) && { hostIP: random.of(["10.0.0.1", "10.0.0.2"]) }),
  }));
  const init = some(0.2, () => ({
    name: "init",
    image: "none",
    resources: { requests: { cpu: `${random.below(8) * 200}m` } },
    ...(random.chance(0.5) && { restartPolicy: "Always" }),
    ports: [{ containerPort: 81, hostPort: 8080 }],
  }));
  return {
    metadata: {
      namespace,
      name,
      annotations: { "simulated.plimsoll.dev/outcome": "run" },
      labels: { app: random.of(["a", "b"]), version: random.of(["1", "2"]), wave: random.of(["1", "2"]) },
    },
    spec: {
      terminationGracePeriodSeconds: 0,
      ...(random.chance(0.15) && { nodeSelector: { disk: "ssd" } }),
      affinity: affinityOf(random, id, namespaces),
      tolerations: tolerationsOf(random, id),
      topologySpreadConstraints: [zone, hostname, "disk"].filter(() => random.chance(0.18)).map((key) => spreadOf(random, key)),
      ...(init && { initContainers: [init] }),
      containers: [
        {
          name: "main",
          image: "none",
          ...(port && { ports: [port] }),
          resources: {
            requests: {
              ...(random.chance(0.7) && { cpu: `${random.below(8) * 200}m` }),
              ...(random.chance(0.7) && { memory: `${random.below(5) * 512}Mi` }),
              ...(random.chance(0.2) && { "ephemeral-storage": `${random.below(4)}Gi` }),
              ...(gpus && { [gpu]: gpus }),
            },
            ...(gpus && { limits: { [gpu]: gpus } }),
          },
        },
      ],
      volumes: claim === undefined ? [] : [{ name: "data", persistentVolumeClaim: { claimName: claim } }],
    },
  };
}

type Constraint = NonNullable<PodSpec["topologySpreadConstraints"]>[number];

function tolerationsOf(random: Random, id: string): Toleration[] {
  const scene: Toleration = random.of([
    { key: "scene", value: id, effect: "NoSchedule" },
    { key: "scene", operator: "Equal", value: id },
  ]);
  const own: Toleration[] = [
    { key: "team", operator: "Exists" },
    { key: "team", value: "a" },
    { key: "team", operator: "Exists", effect: "NoExecute" },
    { key: "node.kubernetes.io/unschedulable", operator: "Exists" },
  ];
  return [scene, ...(random.chance(0.5) ? [random.of(own)] : [])];
}

function spreadOf(random: Random, topologyKey: string): Constraint {
  const labelSelector = random.chance(0.1) ? (random.chance(0.5) ? {} : undefined) : selectorOf(random);
  const binds = random.chance(0.85);
  return {
    topologyKey,
    maxSkew: 1 + random.below(2),
    whenUnsatisfiable: binds ? "DoNotSchedule" : "ScheduleAnyway",
    ...(labelSelector && { labelSelector }),
    ...(labelSelector && random.chance(0.2) && { matchLabelKeys: ["wave"] }),
    ...(binds && random.chance(0.3) && { minDomains: 2 + random.below(3) }),
    ...(random.chance(0.3) && { nodeAffinityPolicy: random.of(["Honor", "Ignore"]) }),
    ...(random.chance(0.4) && { nodeTaintsPolicy: random.of(["Honor", "Ignore"]) }),
  };
}

function affinityOf(random: Random, id: string, namespaces: Scene["namespaces"]): Affinity {
  const term = () => ({
    topologyKey: random.of([zone, hostname, "disk"]),
    labelSelector: selectorOf(random),
    ...(random.chance(0.3) && { namespaces: [random.of(namespaces).name] }),
    ...(random.chance(0.3) && { namespaceSelector: { matchLabels: { scene: id, ...(random.chance(0.5) && { team: "y" }) } } }),
    ...(random.chance(0.15) && { matchLabelKeys: ["wave"] }),
  });
  const terms = (share: number) => (random.chance(share) ? Array.from({ length: 1 + random.below(2) }, term) : undefined);
  const [near, away] = [terms(0.15), terms(0.25)];
  const on = random.chance(0.25)
    ? Array.from({ length: 1 + random.below(2) }, () => ({
        matchExpressions: Array.from({ length: random.below(3) }, () => expressionOf(random, id)),
        ...(random.chance(0.2) && {
          matchFields: [{ key: "metadata.name", operator: random.of(["In", "NotIn"]), values: [`${id}-n${random.below(4)}`] }],
        }),
      }))
    : undefined;
  return {
    ...(on && { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: on } } }),
    ...(near && { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near } }),
    ...(away && { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: away } }),
  };
}

function expressionOf(random: Random, id: string): { key: string; operator: string; values?: string[] } {
  return random.of([
    { key: zone, operator: "In", values: [`${id}-a`, `${id}-b`] },
    { key: zone, operator: "NotIn", values: [`${id}-a`] },
    { key: "disk", operator: "Exists" },
    { key: "disk", operator: "DoesNotExist" },
    { key: "rank", operator: "Gt", values: ["1"] },
    { key: "rank", operator: "Lt", values: ["4"] },
  ]);
}

function selectorOf(random: Random): LabelSelector {
  return random.of<LabelSelector>([
    { matchLabels: { app: "a" } },
    { matchLabels: { app: "b" } },
    { matchExpressions: [{ key: "app", operator: "In", values: ["a", "b"] }] },
    { matchExpressions: [{ key: "version", operator: "NotIn", values: ["1"] }] },
    { matchLabels: { app: "a", version: "2" } },
  ]);
}
