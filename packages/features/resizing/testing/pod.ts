import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { resizablePodOf, type ResizablePod } from "../observe/pod.ts";

/** A pod of one container, as the tests have it. */
export function podWith(
  resources: { requests?: Record<string, string>; limits?: Record<string, string> },
  {
    qos = "Burstable",
    createdAt = "2026-11-28T10:00:00Z",
    container = {},
    status = {},
    name = "web-1",
    spec = {},
  }: Partial<{
    qos: string;
    createdAt: string;
    container: object;
    status: NonNullable<Pod["status"]>;
    name: string;
    spec: object;
  }> = {},
): ResizablePod {
  return resizablePodOf({
    metadata: { namespace: "a", name, uid: name, creationTimestamp: createdAt },
    spec: { nodeName: "n", containers: [{ name: "app", resources, ...container }], ...spec },
    status: { phase: "Running", qosClass: qos, ...status },
  } as Pod);
}
