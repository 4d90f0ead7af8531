import type { Transport } from "@plimsoll/kube";
import type { Replacements } from "./etcd-copies.ts";

/** How much there is. */
export interface Scale {
  nodes: number;
  pods: number;
  /** Pods a ReplicaSet. */
  replicas: number;
  namespaces: number;
}

const digits = (value: number, width: number): string => String(value).padStart(width, "0");
const namespaceOf = (index: number): string => `team-${digits(index, 3)}`;
const nodeOf = (index: number): string => `node-${digits(index, 5)}`;
const appOf = (index: number): string => `app-${digits(index, 6)}`;
const podOf = (app: number, index: number): string => `${appOf(app)}-6d4cf56db6-${digits(index, 5)}`;
const uidOf = (kind: string, index: number): string => `${kind}0000000-0000-4000-8000-${digits(index, 12)}`;

const time = "2026-01-02T03:04:05Z";
const container = (name: string, cpu: string, memory: string): object => ({
  name,
  image: `registry.example.com/team/${name}:1.24.3`,
  ports: [{ name: "http", containerPort: 8080 }],
  env: Array.from({ length: 8 }, (_, index) => ({ name: `SETTING_${index}`, value: `value-of-the-setting-${index}` })),
  resources: { requests: { cpu, memory }, limits: { memory } },
  livenessProbe: { httpGet: { path: "/live", port: 8080 } },
  readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
  volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
});

/** What the first of each is: a pod as a Deployment's usually is, running, with what the kubelet and controllers write into it. */
export async function writeFirst(transport: Transport, { namespaces }: Scale): Promise<void> {
  const create = async (path: string, body: object): Promise<{ metadata: { uid: string } }> =>
    transport.request({ method: "POST", path, body });
  for (let index = 0; index < namespaces; index += 1) await create("/api/v1/namespaces", { metadata: { name: namespaceOf(index) } });
  await create(`/api/v1/namespaces/${namespaceOf(0)}/serviceaccounts`, { metadata: { name: "default" } });
  await create("/api/v1/nodes", {
    metadata: {
      name: nodeOf(0),
      labels: {
        "kubernetes.io/hostname": nodeOf(0),
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": "m6i.4xlarge",
        "topology.kubernetes.io/region": "eu-central-1",
        "topology.kubernetes.io/zone": "eu-central-1a",
      },
    },
    spec: { providerID: "aws:///eu-central-1a/i-0123456789abcdef0" },
    status: {
      capacity: { cpu: "16", memory: "64Gi", pods: "110", "ephemeral-storage": "100Gi" },
      allocatable: { cpu: "15890m", memory: "60Gi", pods: "110", "ephemeral-storage": "90Gi" },
      addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", lastTransitionTime: time, lastHeartbeatTime: time }],
      images: Array.from({ length: 20 }, (_, index) => ({
        names: [`registry.example.com/image-${index}@sha256:${"0".repeat(64)}`],
        sizeBytes: 1,
      })),
    },
  });
  const labels = { "app.kubernetes.io/name": appOf(0), "app.kubernetes.io/part-of": "shop", "pod-template-hash": "6d4cf56db6" };
  const spec = {
    nodeName: nodeOf(0),
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 30,
    containers: [container("web", "100m", "128Mi"), container("proxy", "50m", "64Mi")],
    volumes: [{ name: "scratch", emptyDir: {} }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { "app.kubernetes.io/name": appOf(0) } },
      },
    ],
    tolerations: [{ operator: "Exists" }],
  };
  const namespace = namespaceOf(0);
  const sets = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
  const owner = (apiVersion: string, kind: string, name: string, uid: string) => [
    { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true },
  ];
  await create(sets, {
    metadata: { name: `${appOf(0)}-6d4cf56db6`, labels, ownerReferences: owner("apps/v1", "Deployment", appOf(0), uidOf("d", 0)) },
    spec: { replicas: 10, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { ...spec, nodeName: undefined } } },
  });
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const name = podOf(0, 0);
  await create(pods, {
    metadata: { name, labels, ownerReferences: owner("apps/v1", "ReplicaSet", `${appOf(0)}-6d4cf56db6`, uidOf("c", 0)) },
    spec,
  });
  const isTrue = (type: string): object => ({ type, status: "True", lastTransitionTime: time, lastProbeTime: null });
  const running = (name: string): object => ({
    name,
    ready: true,
    started: true,
    restartCount: 0,
    image: `registry.example.com/team/${name}:1.24.3`,
    imageID: `registry.example.com/team/${name}@sha256:${"1".repeat(64)}`,
    containerID: `containerd://${"2".repeat(64)}`,
    state: { running: { startedAt: time } },
  });
  await transport.request({
    method: "PATCH",
    path: `${pods}/${name}/status`,
    contentType: "application/merge-patch+json",
    body: {
      status: {
        phase: "Running",
        startTime: time,
        hostIP: "10.0.0.1",
        podIP: "10.1.0.1",
        podIPs: [{ ip: "10.1.0.1" }],
        conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(isTrue),
        containerStatuses: ["web", "proxy"].map(running),
      },
    },
  });
}

/** Where the API server has the last of the copies. */
export function lastPod({ pods, replicas, namespaces }: Scale): string {
  const app = Math.floor((pods - 1) / replicas);
  return `/api/v1/namespaces/${namespaceOf(app % namespaces)}/pods/${podOf(app, pods - 1)}`;
}

/** The UID that the API server gave an object, for its copies to have others. */
async function uidAt(transport: Transport, path: string): Promise<string> {
  const { metadata } = await transport.request<{ metadata: { uid: string } }>({ method: "GET", path });
  return metadata.uid;
}

/** What of the first object of each kind is another's in each of its copies, by the key of the first in etcd. */
export async function copiesOf(
  transport: Transport,
  { nodes, pods, replicas, namespaces }: Scale,
): Promise<[key: string, Replacements[]][]> {
  const set = `${appOf(0)}-6d4cf56db6`;
  const [nodeUid, setUid, podUid] = await Promise.all([
    uidAt(transport, `/api/v1/nodes/${nodeOf(0)}`),
    uidAt(transport, `/apis/apps/v1/namespaces/${namespaceOf(0)}/replicasets/${set}`),
    uidAt(transport, `/api/v1/namespaces/${namespaceOf(0)}/pods/${podOf(0, 0)}`),
  ]);
  const rest = (count: number): number[] => Array.from({ length: count - 1 }, (_, index) => index + 1);
  const app = (index: number): Replacements => [
    [namespaceOf(0), namespaceOf(index % namespaces)],
    [appOf(0), appOf(index)],
  ];
  return [
    [
      `/registry/minions/${nodeOf(0)}`,
      rest(nodes).map((index) => [
        [nodeOf(0), nodeOf(index)],
        [nodeUid, uidOf("a", index)],
      ]),
    ],
    [
      `/registry/replicasets/${namespaceOf(0)}/${set}`,
      rest(Math.ceil(pods / replicas)).map((index) => [...app(index), [uidOf("d", 0), uidOf("d", index)], [setUid, uidOf("c", index)]]),
    ],
    [
      `/registry/pods/${namespaceOf(0)}/${podOf(0, 0)}`,
      rest(pods).map((index) => {
        const of = Math.floor(index / replicas);
        return [
          [podOf(0, 0), podOf(0, index)],
          ...app(of),
          [uidOf("c", 0), uidOf("c", of)],
          [podUid, uidOf("b", index)],
          [nodeOf(0), nodeOf(index % nodes)],
        ];
      }),
    ],
  ];
}
