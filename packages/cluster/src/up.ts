import { chmodSync, mkdirSync } from "node:fs";
import { resolveBinaries } from "./binaries/resolve.ts";
import { clusterOf, type Cluster } from "./cluster.ts";
import { writeCredentials } from "./credentials/credentials.ts";
import { remove } from "./down.ts";
import { ClusterError } from "./failure.ts";
import { locked } from "./host/lock.ts";
import { canRunContainers, installMachineTools } from "./host/machine.ts";
import { openNamespace } from "./host/namespace.ts";
import { freePorts } from "./host/port.ts";
import { step, type OnProgress } from "./command/progress.ts";
import { startAll } from "./start.ts";
import { checkName, pathsOf, portNames, portsOf, readState, takenPorts, writeState, type State } from "./state.ts";

export interface UpOptions {
  /** Default "plimsoll". */
  name?: string;
  simulatedNodes?: number;
  /** Whether this machine is a node that runs containers. Default: on Linux, as root. */
  kubelet?: boolean;
  /** Whether a metrics server says what the real node and its pods use. Default: not. */
  metricsServer?: boolean;
  /** Whether every request to the API is logged. */
  audit?: boolean;
  /** Of requests by the controller manager and the scheduler: Kubernetes' defaults, or more, so that a run is not what waits for them. Default "raised". */
  rates?: State["rates"];
  /**
   * Has the kubelet ask for its certificates, as where it bootstraps; each is good for so long, as in "5m". Nobody approves its requests: that is
   * left to whoever is tried, and the real node isn't waited for.
   */
  requestedCertificates?: string;
  onProgress?: OnProgress;
}

/**
 * Starts a cluster, or of one that was started before the parts that have ended; resolves when it is ready for pods.
 * @throws ClusterError that says what is lacking or went wrong; what was started stays, for `status`, until `down`.
 */
export async function up(options: UpOptions = {}): Promise<Cluster> {
  const name = checkName(options.name ?? "plimsoll");
  const { onProgress = () => {} } = options;
  const paths = pathsOf(name);
  const waiting = (): void => onProgress({ type: "note", text: `another process works on the cluster ${name}; waiting for it` });
  return locked(paths.lock, waiting, async () => {
    const known = readState(name);
    const setting = { paths, state: known === undefined ? await createOrRemove(name, options, onProgress) : adapt(known, options) };
    await startAll(setting, onProgress);
    return clusterOf(setting);
  });
}

const controlPrograms = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kubectl"] as const;
const nodePrograms = ["containerd", "containerd-shim-runc-v2", "ctr", "kubelet", "kube-proxy", "coredns"] as const;

async function createOrRemove(name: string, options: UpOptions, onProgress: OnProgress): Promise<State> {
  try {
    return await create(name, options, onProgress);
  } catch (error) {
    await remove(pathsOf(name));
    throw error;
  }
}

async function create(name: string, options: UpOptions, onProgress: OnProgress): Promise<State> {
  const paths = pathsOf(name);
  const real = options.kubelet ?? canRunContainers();
  if (real && !canRunContainers())
    throw new ClusterError("A real node needs Linux and root. Without it, nodes are simulated: plimsoll cluster up --no-kubelet", {
      exitCode: 2,
    });
  if (!real && options.kubelet === undefined)
    onProgress({ type: "note", text: "no real node: it needs Linux and root. Pods will be simulated, and run no containers." });
  const metered = options.metricsServer ?? false;
  if (metered && !real) throw new ClusterError("A metrics server needs the real node: simulated nodes use nothing.", { exitCode: 2 });
  if (real) await installMachineTools(onProgress);
  const binaries = await step(onProgress, "finding the binaries", () =>
    resolveBinaries([...controlPrograms, ...(real ? nodePrograms : []), ...(metered ? (["metrics-server"] as const) : [])], { onProgress }),
  );
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  chmodSync(paths.folder, 0o700);
  const slot = real ? (await openNamespace(paths)).slot : undefined;
  const ports = await freePorts(portNames.length + (metered ? 1 : 0), takenPorts());
  const metricsPort = ports[portNames.length];
  const state: State = {
    name,
    simulatedNodes: options.simulatedNodes ?? 0,
    audit: options.audit ?? false,
    rates: options.rates ?? "raised",
    ...(options.requestedCertificates !== undefined && { requestedCertificates: options.requestedCertificates }),
    ports: portsOf(ports),
    binaries,
    ...(slot !== undefined && { slot }),
    ...(metricsPort !== undefined && { metricsPort }),
  };
  writeState(state);
  await writeCredentials({ state, paths });
  return state;
}

/** A second `up` may change the number of simulated nodes; anything else asks for another cluster. */
function adapt(state: State, options: UpOptions): State {
  const [real, metered] = [state.slot !== undefined, state.metricsPort !== undefined];
  const differences = {
    kubelet: [real, real ? "with a real node" : "without a real node"],
    metricsServer: [metered, metered ? "with a metrics server" : "without a metrics server"],
    audit: [state.audit, state.audit ? "with an audit log" : "without an audit log"],
    rates: [state.rates, state.rates === "default" ? "with Kubernetes' default rates" : "with raised rates"],
    requestedCertificates: [
      state.requestedCertificates,
      state.requestedCertificates === undefined
        ? "with certificates made for its kubelet"
        : `with a kubelet that asks for certificates of ${state.requestedCertificates}`,
    ],
  } as const;
  for (const option of ["kubelet", "metricsServer", "audit", "rates", "requestedCertificates"] as const) {
    const [is, how] = differences[option];
    if (options[option] === undefined || options[option] === is) continue;
    throw new ClusterError(`The cluster ${state.name} is up ${how}. Take it down first: plimsoll cluster down --name ${state.name}`);
  }
  const adapted = { ...state, simulatedNodes: options.simulatedNodes ?? state.simulatedNodes };
  writeState(adapted);
  return adapted;
}
