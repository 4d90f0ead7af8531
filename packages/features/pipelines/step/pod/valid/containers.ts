import type { Path, Problem } from "@plimsoll/api";
import { imageProblems, named, once, oneOf, required, within } from "./check.ts";
import { envFromProblems, envProblems, type Variable, type VariableSource } from "./env.ts";
import { mountProblems, type Device, type Mount } from "./mounts.ts";
import { port, wordName } from "./names.ts";
import { lifecycleProblems, probeNames, probeProblems, type Lifecycle, type Probe } from "./probes.ts";
import { resourceProblems, type Resources } from "./resources.ts";
import { securityProblems, type Security } from "./security.ts";

interface Port {
  name?: string;
  containerPort?: number;
  hostPort?: number;
  hostIP?: string;
  protocol?: string;
}

/** A container of a pod. */
export interface Container {
  name?: string;
  image?: string;
  imagePullPolicy?: string;
  env?: readonly Variable[];
  envFrom?: readonly VariableSource[];
  resources?: Resources;
  resizePolicy?: readonly { resourceName?: string; restartPolicy?: string }[];
  restartPolicy?: string;
  restartPolicyRules?: readonly { action?: string; exitCodes?: { operator?: string; values?: readonly number[] } }[];
  volumeMounts?: readonly Mount[];
  volumeDevices?: readonly Device[];
  ports?: readonly Port[];
  lifecycle?: Lifecycle;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  startupProbe?: Probe;
  securityContext?: Security;
  terminationMessagePolicy?: string;
}

/** What a container's pod has for it. */
export interface Surroundings {
  volumes: ReadonlySet<string>;
  /** The volumes of PersistentVolumeClaims. */
  claimVolumes: ReadonlySet<string>;
  /** The pod's resourceClaims. */
  claims: ReadonlySet<string>;
  /** Seconds that it is given to end. */
  grace: number;
  hostUsers: boolean;
}

/** What is wrong with a container. `isInit`: whether it runs before others. */
export function* containerProblems(container: Container, around: Surroundings, path: Path, isInit: boolean): Generator<Problem> {
  yield* required(container.name, [...path, "name"], wordName);
  yield* required(container.image, [...path, "image"]);
  yield* imageProblems(container.image, [...path, "image"]);
  yield* oneOf(container.imagePullPolicy || undefined, ["Always", "IfNotPresent", "Never"], [...path, "imagePullPolicy"]);
  yield* oneOf(container.terminationMessagePolicy || undefined, ["File", "FallbackToLogsOnError"], [...path, "terminationMessagePolicy"]);
  yield* envProblems(container.env ?? [], [...path, "env"]);
  yield* envFromProblems(container.envFrom ?? [], [...path, "envFrom"]);
  yield* resourceProblems(container.resources ?? {}, around.claims, [...path, "resources"]);
  const { volumeMounts: mounts = [], volumeDevices: devices = [], securityContext = {} } = container;
  yield* mountProblems({ mounts, devices, privileged: securityContext.privileged ?? false }, around.volumes, around.claimVolumes, path);
  yield* securityProblems(securityContext, [...path, "securityContext"], around.hostUsers);
  yield* portProblems(container.ports ?? [], [...path, "ports"]);
  yield* restartProblems(container, path);
  if (!isInit || container.restartPolicy === "Always") {
    if (container.lifecycle) yield* lifecycleProblems(container.lifecycle, around.grace, [...path, "lifecycle"]);
    for (const name of probeNames) if (container[name]) yield* probeProblems(container[name], name, [...path, name]);
  } else
    for (const name of ["lifecycle", ...probeNames] as const)
      if (container[name])
        yield { path: [...path, name], message: "goes with restartPolicy: Always, of a sidecar: give that, or take it out" };
}

function* portProblems(ports: readonly Port[], path: Path): Generator<Problem> {
  for (const [index, { name, containerPort = 0, hostPort = 0, protocol }] of ports.entries()) {
    if (name) yield* named(name, port, [...path, index, "name"]);
    yield* within(containerPort, 1, 65_535, [...path, index, "containerPort"]);
    if (hostPort !== 0) yield* within(hostPort, 1, 65_535, [...path, index, "hostPort"]);
    yield* oneOf(protocol || undefined, ["TCP", "UDP", "SCTP"], [...path, index, "protocol"]);
  }
  yield* once(
    ports.map(({ name }) => name || undefined),
    (index) => [...path, index, "name"],
  );
  yield* once(
    ports.map(({ hostPort, hostIP = "", protocol = "TCP" }) => (hostPort ? `${protocol} ${hostIP} ${hostPort}` : undefined)),
    (index) => [...path, index, "hostPort"],
  );
}

function* restartProblems({ restartPolicy, restartPolicyRules: rules = [], resizePolicy = [] }: Container, path: Path): Generator<Problem> {
  yield* oneOf(restartPolicy, ["Always", "OnFailure", "Never"], [...path, "restartPolicy"]);
  if (restartPolicy === undefined && rules.length > 0)
    yield { path: [...path, "restartPolicy"], message: "is missing: restartPolicyRules go with it" };
  for (const [index, { action, exitCodes }] of rules.entries()) {
    const at = [...path, "restartPolicyRules", index];
    yield* oneOf(action ?? "", ["Restart", "RestartAllContainers"], [...at, "action"]);
    if (exitCodes === undefined) yield* required(undefined, [...at, "exitCodes"]);
    else yield* oneOf(exitCodes.operator ?? "", ["In", "NotIn"], [...at, "exitCodes", "operator"]);
  }
  for (const [index, { resourceName = "", restartPolicy: policy = "" }] of resizePolicy.entries()) {
    yield* oneOf(resourceName, ["cpu", "memory"], [...path, "resizePolicy", index, "resourceName"]);
    if (policy !== "NotRequired")
      yield {
        path: [...path, "resizePolicy", index, "restartPolicy"],
        message: `is ${JSON.stringify(policy)}: must be NotRequired, as a step's pod never restarts`,
      };
  }
  yield* once(
    resizePolicy.map(({ resourceName }) => resourceName),
    (index) => [...path, "resizePolicy", index, "resourceName"],
  );
}
