import { ofBoth, sizedResources } from "@plimsoll/model/sizing";
import type { ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";
import type { Resources } from "../decide/resources.ts";
import { fieldManager } from "../labels.ts";

/** How the kubelet is about a pod's last resize, where that isn't done. */
export interface PendingResize {
  state: "InProgress" | "Deferred" | "Infeasible" | "Error";
  message: string;
  /** By container, what its node gives it of what this feature was the last to set. */
  had: Readonly<Record<string, Resources>>;
}

/** Undefined: it is done, or there was none. */
export function resizeOf({ metadata = {}, status = {} }: Pod): PendingResize | undefined {
  const of = (type: string) => status.conditions?.find((condition) => condition.type === type && condition.status === "True");
  const condition = of("PodResizePending") ?? of("PodResizeInProgress");
  if (condition === undefined) return undefined;
  const { type, reason, message = "" } = condition;
  const state =
    type === "PodResizePending" ? (reason === "Infeasible" ? "Infeasible" : "Deferred") : reason === "Error" ? "Error" : "InProgress";
  const containers = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  return { state, message, had: Object.fromEntries(containers.map((one) => [one.name, hadOf(one, metadata.managedFields ?? [])])) };
}

type Managers = NonNullable<NonNullable<Pod["metadata"]>["managedFields"]>;

function hadOf(status: ContainerStatus, managers: Managers): Resources {
  const { requests, limits } =
    (status as { resources?: Record<"requests" | "limits", Record<string, string> | undefined> }).resources ?? {};
  const own = (list: "requests" | "limits", amounts: Resources["requests"]): Resources["requests"] =>
    Object.fromEntries(
      sizedResources.flatMap((resource) =>
        amounts[resource] !== undefined && isOwn(managers, [status.name, list, resource]) ? [[resource, amounts[resource]]] : [],
      ),
    );
  return { requests: own("requests", ofBoth(requests)), limits: own("limits", ofBoth(limits)) };
}

/** Who sets a field to another value has it from then on. */
function isOwn(managers: Managers, [container, list, resource]: readonly [string, string, string]): boolean {
  const paths = ["f:containers", "f:initContainers"].map((containers) => [
    "f:spec",
    containers,
    `k:${JSON.stringify({ name: container })}`,
    "f:resources",
    `f:${list}`,
    `f:${resource}`,
  ]);
  return managers.some(
    ({ manager, fieldsV1 }) => manager === fieldManager && paths.some((path) => path.reduce<unknown>(within, fieldsV1) !== undefined),
  );
}

function within(object: unknown, field: string): unknown {
  return typeof object === "object" && object !== null ? Reflect.get(object, field) : undefined;
}
