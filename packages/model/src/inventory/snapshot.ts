import * as z from "zod";
import { toDotPath } from "zod/v4/core";
import type { AutoscalerView } from "../autoscaler.ts";
import type { Budget } from "../budget.ts";
import type { ControllerView } from "../controller.ts";
import { history, type History } from "./history.ts";
import type { NodeView } from "../node.ts";
import type { PodView } from "../pod.ts";
import type { NodeUsage, PodUsage } from "../usage.ts";
import type { ClaimView, VolumeView } from "../volume.ts";

/** What a snapshot says it is. What is added to it later keeps the version; what changes or goes makes a new one. */
export const snapshotVersion = "plimsoll.dev/snapshot/v1";

/**
 * A cluster at one time, as planners see it: JSON, which `plimsoll inventory --snapshot` prints, and which every planner takes in place of the
 * cluster. Amounts of cpu are thousandths of a core, all others bytes or devices; times are milliseconds since 1970.
 */
export interface Snapshot {
  version: typeof snapshotVersion;
  /** RFC 3339. */
  takenAt: string;
  /** The API server's version, as in `v1.36.3`; empty: unknown. */
  kubernetes: string;
  nodes: readonly NodeView[];
  pods: readonly PodView[];
  /** What owns pods and may be owned itself: ReplicaSets, Jobs, PipelineRuns. */
  controllers: readonly ControllerView[];
  claims: readonly ClaimView[];
  volumes: readonly VolumeView[];
  budgets: readonly Budget[];
  autoscalers: readonly AutoscalerView[];
  /** By metrics.k8s.io; undefined: it doesn't answer. */
  usage: { nodes: readonly NodeUsage[]; pods: readonly PodUsage[] } | undefined;
  /** How many objects there are of the kinds that an extension opens. */
  custom: readonly CustomCount[];
  /** What is over; undefined: nobody has looked. */
  history?: History | undefined;
  /** Resources that whoever took it may not list: there may be some. */
  missing?: readonly string[] | undefined;
}

/** How many objects of a resource there are in a namespace. */
export interface CustomCount {
  group: string;
  resource: string;
  /** Empty: what has none. */
  namespace: string;
  count: number;
}

/** A snapshot that can't be read. Its message names the first field that is wrong. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** Reads a snapshot. Throws a SnapshotError for what is none. */
export function readSnapshot(text: string): Snapshot {
  const parsed = schema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const { path = [], message = "" } = issue ?? {};
  const [only] = path;
  if (only === "version")
    throw new SnapshotError(`version: must be "${snapshotVersion}": take the snapshot anew, by plimsoll inventory --snapshot`);
  throw new SnapshotError(`${path.length === 0 ? "the snapshot" : toDotPath(path)}: ${message}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SnapshotError(`no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** In JSON, what is undefined isn't there. */
const maybe = <T>(type: z.ZodType<T>) => type.optional().transform((value): T | undefined => value);
const labels = z.record(z.string(), z.string());
const amounts = z.record(z.string(), z.number());
const count = z.int().min(0);
/** What planners hand on as Kubernetes has it. */
const given = <T extends object>() => z.custom<T>((value) => typeof value === "object" && value !== null, "must be an object");

const owner = z.object({ apiVersion: z.string(), kind: z.string(), name: z.string(), uid: z.string() });

const node = z.object({
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  createdAt: z.number(),
  endsAt: maybe(z.number()),
  labels,
  annotations: labels,
  taints: z.array(given<NodeView["taints"][number]>()),
  isUnschedulable: z.boolean(),
  ready: z.object({ status: z.enum(["True", "False", "Unknown"]), since: z.number(), reason: z.string() }),
  capacity: amounts,
  allocatable: amounts,
  providerID: z.string(),
  addresses: z.array(z.object({ type: z.string(), address: z.string() })),
}) satisfies z.ZodType<NodeView>;

const shape = z.object({
  labels,
  annotations: labels,
  isMirror: z.boolean(),
  priority: z.number(),
  grace: z.number(),
  deadline: maybe(z.number()),
  nodeSelector: labels,
  affinity: maybe(given<NonNullable<PodView["shape"]["affinity"]>>()),
  tolerations: z.array(given<PodView["shape"]["tolerations"][number]>()),
  spread: z.array(given<PodView["shape"]["spread"][number]>()),
  hostPorts: z.array(z.string()),
  claims: z.array(z.string()),
  emptyDirs: z.array(z.string()),
  isGated: z.boolean(),
  scheduler: z.string(),
}) satisfies z.ZodType<PodView["shape"]>;

const pod = z.object({
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  node: maybe(z.string()),
  phase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Unknown"]),
  isReady: z.boolean(),
  endsAt: maybe(z.number()),
  createdAt: z.number(),
  startedAt: maybe(z.number()),
  finishedAt: maybe(z.number()),
  owner: maybe(owner),
  requests: amounts,
  shape,
}) satisfies z.ZodType<PodView>;

const percentOrCount = maybe(z.union([z.number(), z.string()]));

const budget = z.object({
  namespace: z.string(),
  name: z.string(),
  resourceVersion: z.string(),
  generation: maybe(z.number()),
  selector: maybe(given<NonNullable<Budget["selector"]>>()),
  minAvailable: percentOrCount,
  maxUnavailable: percentOrCount,
  limit: z.string(),
  needsScale: z.boolean(),
  evictsUnhealthy: z.boolean(),
  status: z.object({
    observedGeneration: maybe(z.number()),
    disruptionsAllowed: z.number(),
    currentHealthy: z.number(),
    desiredHealthy: z.number(),
    expectedPods: z.number(),
    disruptedPods: z.array(z.string()),
    failure: maybe(z.string()),
  }),
}) satisfies z.ZodType<Budget>;

const schema = z.object({
  version: z.literal(snapshotVersion),
  takenAt: z.iso.datetime({ offset: true }),
  kubernetes: z.string(),
  nodes: z.array(node),
  pods: z.array(pod),
  controllers: z.array(
    z.object({
      kind: z.string(),
      namespace: z.string(),
      name: z.string(),
      uid: z.string(),
      owner: maybe(owner),
      pipeline: z.string().exactOptional(),
    }),
  ),
  claims: z.array(
    z.object({
      namespace: z.string(),
      name: z.string(),
      class: z.string(),
      phase: z.string(),
      requested: z.number(),
      capacity: z.number(),
      volume: z.string(),
    }),
  ),
  volumes: z.array(
    z.object({
      name: z.string(),
      class: z.string(),
      phase: z.string(),
      capacity: z.number(),
      claim: z.string(),
      nodes: maybe(given<NonNullable<VolumeView["nodes"]>>()),
    }),
  ),
  budgets: z.array(budget),
  autoscalers: z.array(
    z.object({
      namespace: z.string(),
      name: z.string(),
      target: z.object({ apiVersion: z.string(), kind: z.string(), name: z.string() }),
      min: count,
      max: count,
      current: count,
      desired: count,
    }),
  ),
  usage: maybe(
    z.object({
      nodes: z.array(z.object({ name: z.string(), used: amounts })),
      pods: z.array(z.object({ namespace: z.string(), name: z.string(), used: amounts })),
    }),
  ),
  custom: z.array(z.object({ group: z.string(), resource: z.string(), namespace: z.string(), count })),
  history: history.optional(),
  missing: z.array(z.string()).optional(),
}) satisfies z.ZodType<Snapshot>;
