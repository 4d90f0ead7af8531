import type { ResizablePod } from "../observe/pod.ts";
import { nextOf, type ContainerChange, type Tolerance } from "./next.ts";
import { isSame, isTight } from "./resources.ts";
import type { Wanted } from "./wanted.ts";

/** What of a pod is to change while it runs, and what of that can't. */
export interface PodChange {
  containers: ContainerChange[];
  hindrances: string[];
}

/**
 * What the API server lets a pod that runs change: no limit goes or comes, and the pod's class of service stays (KEP-1287, and as seen on Kubernetes
 * 1.36). What would restart a container by the pod's own resizePolicy is left.
 */
export function podChange(
  pod: ResizablePod,
  wantedOf: (container: string) => { wanted: Wanted; upOnly: boolean } | undefined,
  tolerance: Omit<Tolerance, "dropsLimits">,
): PodChange {
  const hindrances: string[] = [];
  const given = { ...tolerance, dropsLimits: false };
  const containers = pod.shape.containers.flatMap((container): ContainerChange[] => {
    const { wanted, upOnly } = wantedOf(container.name) ?? {};
    if (wanted === undefined) return [];
    const restarts = pod.restarts[container.name] ?? [];
    const full = nextOf(container, wanted, given, upOnly ?? false);
    const next = restarts.length === 0 ? full : nextOf(container, wanted, given, upOnly ?? false, restarts);
    if (full !== undefined && (next === undefined || !isSame(full, next)))
      hindrances.push(`its resizePolicy would restart the container ${container.name} for a change of ${restarts.join(" and ")}`);
    return next === undefined ? [] : [{ name: container.name, isSidecar: container.isSidecar ?? false, now: container, next }];
  });
  if (containers.length === 0) return { containers, hindrances };
  const fault = classFault(pod, containers);
  return fault === undefined ? { containers, hindrances } : { containers: [], hindrances: [...hindrances, fault] };
}

/** Why the API server would refuse it for the pod's class of service; undefined: it wouldn't, or that is for it to say. */
function classFault({ qos, shape, hasLooseInit }: ResizablePod, containers: readonly ContainerChange[]): string | undefined {
  if (shape.whole.length > 0) return undefined;
  if (qos === "BestEffort")
    return "its pods ask for nothing now, and while one runs it can't begin to: their class of service would change";
  const isGuaranteed =
    !hasLooseInit &&
    shape.containers.every((container) => {
      const next = containers.find(({ name }) => name === container.name)?.next ?? container;
      return isTight(next);
    });
  if (qos === "Guaranteed" && !isGuaranteed)
    return "its pods ask for as much as their limits (Guaranteed), and with `limits: keep` the two would differ: use `limits: ratio`";
  return qos === "Burstable" && isGuaranteed
    ? "its pods would ask for as much as their limits, and so their class of service would change"
    : undefined;
}
