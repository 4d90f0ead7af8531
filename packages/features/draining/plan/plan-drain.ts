import type { Cluster, NodeView, PodView } from "@plimsoll/model";
import { housing } from "./homeless.ts";
import { leavingOf } from "./leaving.ts";
import type { DrainPlan, Verdict } from "./plan.ts";
import type { DrainPolicy, DrainRequest } from "./request.ts";
import { reserve } from "./successors.ts";
import { inOrder, Wave } from "./wave.ts";

/** What may be done now to drain nodes, and what becomes of each of their pods. The cluster is left as it was. */
export function planDrain(request: DrainRequest): DrainPlan {
  return request.cluster.rehearse(() => {
    close(request);
    return planClosed(request);
  });
}

/** All the nodes are closed from the beginning, so that no pod is moved to one that is drained later. */
export function close({ cluster, drains }: DrainRequest): void {
  for (const { nodes } of drains) for (const name of nodes) closeNode(cluster, name);
}

function closeNode(cluster: Cluster, name: string): void {
  const node = cluster.node(name);
  if (node === undefined) return;
  const taints = node.taints.some(({ key }) => key === cordon.key) ? node.taints : [...node.taints, cordon];
  if (!node.isUnschedulable || taints !== node.taints) cluster.setNode({ ...node, isUnschedulable: true, taints });
}

const cordon: NodeView["taints"][number] = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

function planClosed(request: DrainRequest): DrainPlan {
  const { cluster, inFlight } = request;
  const verdicts = new Map<string, { pod: PodView; verdict: Verdict }>();
  const note = (pod: PodView, verdict: Verdict): void => void verdicts.set(pod.uid, { pod, verdict });
  const nodes = inOrder(leavingOf(request, note));
  reserve(
    cluster,
    inFlight,
    nodes.flatMap(({ ending }) => ending),
  );
  const going = nodes.filter(({ isRefused }) => !isRefused).flatMap(({ pods }) => pods);
  const { homeless, housed } = housing(request, going);
  const wave = new Wave(request);
  const busy = new Map<DrainPolicy, number>();
  for (const { policy, ending } of nodes) busy.set(policy, (busy.get(policy) ?? 0) + Number(ending.length > 0));
  for (const { policy, pods, ending, isRefused } of nodes) {
    const others = busy.get(policy) ?? 0;
    const isTurn = ending.length > 0 || others < policy.maxParallel;
    const before = wave.evict.length + wave.surge.length;
    for (const pod of pods) {
      const found = homeless.get(pod.uid);
      note(pod, isRefused ? { kind: "waits", for: "refused" } : (found ?? wave.verdict(pod, policy, isTurn)));
    }
    if (ending.length === 0 && wave.evict.length + wave.surge.length > before) busy.set(policy, others + 1);
  }
  const left = new Map(nodes.map(({ node, left }) => [node, left]));
  return { evict: wave.evict, surge: wave.surge, verdicts, left, ...(housed && { housed }) };
}
