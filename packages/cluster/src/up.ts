import { mkdirSync, writeFileSync } from "node:fs";
import { Transport } from "@plimsoll/kube";
import { applyAddons } from "./addons.ts";
import { resolveBinaries } from "./binaries/resolve.ts";
import { makeCgroup } from "./cgroup.ts";
import { answering, clusterOf, type Cluster } from "./cluster.ts";
import type { ComponentName, Setting } from "./component.ts";
import { apiServer, controlPlane } from "./control-plane.ts";
import { writeCredentials } from "./credentials.ts";
import { ClusterError } from "./failure.ts";
import { busyboxArchive } from "./image/busybox.ts";
import { loadImage } from "./image/load.ts";
import { ensureStarted, untilReady } from "./lifecycle.ts";
import { locked } from "./lock.ts";
import { installMachineTools } from "./machine.ts";
import { openNamespace } from "./namespace.ts";
import { cgroupOf, realNode, writeNodeFiles } from "./node.ts";
import { freePorts } from "./port.ts";
import { step, type OnProgress } from "./progress.ts";
import { readyNodes, setSimulatedNodes } from "./simulated.ts";
import { checkName, pathsOf, portsOf, readState, writeState, type State } from "./state.ts";

export interface UpOptions {
  /** Default "plimsoll". */
  name?: string;
  simulatedNodes?: number;
  /** Whether this machine is a node that runs containers. Default: on Linux, as root. */
  kubelet?: boolean;
  /** Whether every request to the API is logged. */
  audit?: boolean;
  /** Flags that are added to a component's own, where they win: { "kube-apiserver": ["--v=4"] }. */
  flags?: Partial<Record<ComponentName, string[]>>;
  onProgress?: OnProgress;
}

/**
 * Starts a cluster, or what lacks of one that was started before; resolves when it is ready for pods.
 * @throws ClusterError that says what is lacking or went wrong; what was started stays, for `status`, until `down`.
 */
export async function up(options: UpOptions = {}): Promise<Cluster> {
  const name = checkName(options.name ?? "plimsoll");
  const { onProgress = () => {} } = options;
  const paths = pathsOf(name);
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  const waiting = (): void => onProgress({ type: "note", text: `another process works on the cluster ${name}; waiting for it` });
  return locked(paths.lock, waiting, async () => {
    const known = readState(name);
    const setting = { paths, state: known === undefined ? await create(name, options, onProgress) : await adapt(known, options) };
    await startAll(setting, onProgress);
    return clusterOf(setting);
  });
}

const controlPrograms = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kubectl"] as const;
const nodePrograms = ["containerd", "containerd-shim-runc-v2", "ctr", "kubelet", "kube-proxy", "coredns"] as const;

async function create(name: string, options: UpOptions, onProgress: OnProgress): Promise<State> {
  const paths = pathsOf(name);
  const real = options.kubelet ?? canRunContainers();
  if (real && !canRunContainers()) throw new ClusterError("A real node needs Linux and root. Without it, nodes are simulated: plimsoll cluster up --no-kubelet", { exitCode: 2 });
  if (!real && options.kubelet === undefined) onProgress({ type: "note", text: "no real node: it needs Linux and root. Pods will be simulated, and run no containers." });
  if (real) await installMachineTools(onProgress);
  const binaries = await step(onProgress, "finding the binaries", () => resolveBinaries([...controlPrograms, ...(real ? nodePrograms : [])], { onProgress }));
  const slot = real ? (await openNamespace(paths)).slot : undefined;
  const state: State = {
    name,
    simulatedNodes: options.simulatedNodes ?? 0,
    audit: options.audit ?? false,
    flags: Object.fromEntries(Object.entries(options.flags ?? {})),
    ports: portsOf(await freePorts(6)),
    binaries,
    ...(slot !== undefined && { slot }),
  };
  writeState(state);
  await writeCredentials({ state, paths });
  return state;
}

/** A second `up` may change the number of simulated nodes; anything else asks for another cluster. */
async function adapt(state: State, options: UpOptions): Promise<State> {
  const is = { kubelet: state.slot !== undefined, audit: state.audit };
  for (const option of ["kubelet", "audit"] as const) {
    if (options[option] === undefined || options[option] === is[option]) continue;
    const how = is[option] ? "with" : "without";
    throw new ClusterError(`The cluster ${state.name} is up ${how} ${option === "audit" ? "an audit log" : "a real node"}. Take it down first: plimsoll cluster down --name ${state.name}`);
  }
  const adapted = { ...state, simulatedNodes: options.simulatedNodes ?? state.simulatedNodes };
  writeState(adapted);
  return adapted;
}

/** Whether this process may run containers on this machine. */
export function canRunContainers(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}

async function startAll(setting: Setting, onProgress: OnProgress): Promise<void> {
  const { state, paths } = setting;
  if (state.slot !== undefined) {
    await openNamespace(paths);
    makeCgroup(cgroupOf(state.slot));
    writeNodeFiles(setting);
  }
  mkdirSync(paths.volumes, { recursive: true });
  writeFileSync(paths.in("audit-policy.yaml"), auditPolicy);
  const images = state.slot === undefined ? undefined : startContainerd(setting);
  await step(onProgress, "starting etcd and the API server", async () => {
    for (const component of apiServer(setting)) await ensureStarted(setting, component);
    await Promise.all([answering(setting), images]);
  });
  const transport = Transport.fromKubeconfig(paths.kubeconfig);
  try {
    await step(onProgress, "starting the control plane and the nodes", async () => {
      await applyAddons(transport, setting);
      for (const component of [...controlPlane(setting), ...realNode(setting)]) await ensureStarted(setting, component);
      await setSimulatedNodes(transport, state.simulatedNodes);
      const nodes = state.simulatedNodes + (state.slot === undefined ? 0 : 1);
      await untilReady(setting, state.slot === undefined ? "kwok" : "kubelet", 60, async () => (await readyNodes(transport)) >= nodes);
      // The controller manager makes it; no pod can be created before.
      await untilReady(setting, "kube-controller-manager", 60, () => transport.request<unknown>({ method: "GET", path: "/api/v1/namespaces/default/serviceaccounts/default" }));
    });
  } finally {
    await transport.close();
  }
}

/** containerd needs no API server, and images load while that starts. */
async function startContainerd(setting: Setting): Promise<void> {
  const containerd = realNode(setting).find(({ name }) => name === "containerd");
  if (containerd === undefined) return;
  await ensureStarted(setting, containerd);
  const archive = await busyboxArchive();
  await untilReady(setting, "containerd", 30, async () => (await loadImage(setting, archive)).length > 0);
}

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{ level: Metadata }]
`;
