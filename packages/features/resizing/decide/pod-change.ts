import { sizedResources, type SizedContainer, type SizedResource } from "@plimsoll/model/sizing";
import type { ResizablePod } from "../observe/pod.ts";
import { isNear, isSame, type Resources } from "./resources.ts";
import type { Wanted } from "./wanted.ts";

/** What a container of a pod, or of a template, is to ask for. */
export interface ContainerChange {
  name: string;
  isSidecar: boolean;
  now: Resources;
  next: Resources;
}

/** What of a pod is to change while it runs, and what of that can't. */
export interface PodChange {
  containers: ContainerChange[];
  hindrances: string[];
}

/** By how much requests may be off, in percent, and whether more may be asked for. */
export interface Tolerance {
  minChange: number;
  downOnly: boolean;
}

/**
 * What the API server lets a pod that runs change: no limit goes or comes, and the pod's class of service stays (KEP-1287, and as seen on Kubernetes
 * 1.36). What would restart a container by the pod's own resizePolicy is left.
 */
export function podChange(pod: ResizablePod, wantedOf: (container: string) => Wanted | undefined, tolerance: Tolerance): PodChange {
  const hindrances: string[] = [];
  const containers = pod.shape.containers.flatMap((container): ContainerChange[] => {
    const wanted = wantedOf(container.name);
    if (wanted === undefined) return [];
    const restarts = pod.restarts[container.name] ?? [];
    const full = nextOf(container, wanted, [], tolerance);
    if (isLeft(container, full, wanted, tolerance)) return [];
    const next = nextOf(container, wanted, restarts, tolerance);
    if (!isSame(full, next))
      hindrances.push(`its resizePolicy would restart the container ${container.name} for a change of ${restarts.join(" and ")}`);
    return isLeft(container, next, wanted, tolerance)
      ? []
      : [{ name: container.name, isSidecar: container.isSidecar ?? false, now: container, next }];
  });
  if (containers.length === 0) return { containers, hindrances };
  const fault = classFault(pod, containers);
  return fault === undefined ? { containers, hindrances } : { containers: [], hindrances: [...hindrances, fault] };
}

function isLeft(now: Resources, next: Resources, wanted: Wanted, { minChange }: Tolerance): boolean {
  return isSame(now, next) || (!wanted.isBack && isNear(now, next, minChange));
}

function nextOf(now: SizedContainer, wanted: Wanted, left: readonly SizedResource[], { downOnly }: Tolerance): Resources {
  const requests = { ...now.requests };
  const limits = { ...now.limits };
  for (const resource of sizedResources) {
    const [has, want, limit] = [now.requests[resource], wanted.requests[resource], now.limits[resource]];
    if (want === undefined || left.includes(resource)) continue;
    if (downOnly && !wanted.isBack && want > (has ?? 0)) continue;
    requests[resource] = want;
    if (limit !== undefined) limits[resource] = Math.max(want, wanted.limits[resource] ?? limit);
  }
  return { requests, limits };
}

/** Why the API server would refuse it for the pod's class of service; undefined: it wouldn't. */
function classFault({ qos, shape }: ResizablePod, containers: readonly ContainerChange[]): string | undefined {
  if (qos === "BestEffort")
    return "its pods ask for nothing now, and while one runs it can't begin to: their class of service would change";
  const isGuaranteed = shape.containers.every((container) => {
    const { requests, limits }: Resources = containers.find(({ name }) => name === container.name)?.next ?? container;
    return sizedResources.every(
      (resource) => limits[resource] !== undefined && limits[resource] === (requests[resource] ?? limits[resource]),
    );
  });
  if (qos === "Guaranteed" && !isGuaranteed)
    return "its pods ask for as much as their limits (Guaranteed), and with `limits: keep` the two would differ: use `limits: ratio`";
  return qos === "Burstable" && isGuaranteed
    ? "its pods would ask for as much as their limits, and so their class of service would change"
    : undefined;
}
