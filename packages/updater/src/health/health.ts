import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { Lease } from "kubernetes-types/coordination/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { Workload } from "../cluster/workload.ts";

/** What runs of one process. */
export interface Running {
  workload: Workload;
  deployment: Deployment | undefined;
  /** Those of the Deployment, of whatever revision. */
  pods: readonly Pod[];
  lease: Lease | undefined;
}

/** `broken` stays so; `waiting` may yet come right. */
export interface Health {
  state: "healthy" | "waiting" | "broken";
  /** What is amiss; empty: nothing. */
  text: string;
}

/** Restarts of a container after which its release counts as one that crashes. */
const most = 3;

/** Whether a release works, by what runs: not by what Helm said. */
export function healthOf(running: readonly Running[]): Health {
  const all = running.map(healthOfOne);
  return all.find(({ state }) => state === "broken") ?? all.find(({ state }) => state === "waiting") ?? { state: "healthy", text: "" };
}

function healthOfOne({ workload, deployment, pods, lease }: Running): Health {
  const waiting = (text: string): Health => ({ state: "waiting", text: `Deployment ${workload.name}: ${text}` });
  if (deployment === undefined) return waiting("is not there");
  const { metadata, spec, status = {} } = deployment;
  const images = spec?.template.spec?.containers.map(({ image }) => image) ?? [];
  if (!hasAll(images, workload)) return waiting(`its image is ${images.join(", ")}, and not ${workload.images.join(", ")}`);

  const ours = pods.filter(({ metadata, spec }) => !metadata?.deletionTimestamp && runs(spec, workload));
  const crashed = ours.find((pod) => restartsOf(pod, workload) >= most);
  if (crashed) return { state: "broken", text: `Deployment ${workload.name}: pod ${crashed.metadata?.name} crashes: ${endOf(crashed)}` };

  const wanted = spec?.replicas ?? 1;
  const { observedGeneration = 0, updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status;
  if (observedGeneration < (metadata?.generation ?? 0)) return waiting("its change was not seen yet");
  if (replicas > updatedReplicas && updatedReplicas >= wanted && availableReplicas >= wanted)
    return waiting("pods of the release before are still there");
  if (updatedReplicas < wanted || availableReplicas < wanted || replicas > updatedReplicas)
    return waiting(`${Math.min(updatedReplicas, availableReplicas)} of ${wanted} pods of the release are available${waitOf(ours)}`);
  const restarted = ours.find((pod) => restartsOf(pod, workload) > 0 && !isReady(pod));
  if (restarted) return waiting(`pod ${restarted.metadata?.name} has crashed: ${endOf(restarted)}`);
  if (wanted === 0 || workload.lease === undefined) return { state: "healthy", text: "" };

  const { holderIdentity = "", renewTime } = lease?.spec ?? {};
  // The identity is the host's name, which is the pod's, and a random part.
  const leader = ours.find((pod) => holderIdentity.startsWith(`${pod.metadata?.name}_`));
  if (leader === undefined)
    return waiting(`no pod of the release leads yet: Lease ${workload.lease} is held by ${holderIdentity || "nobody"}`);
  if (renewTime === undefined || Date.parse(renewTime) < Date.parse(leader.status?.startTime ?? ""))
    return waiting("its leader has not renewed the Lease yet");
  return { state: "healthy", text: "" };
}

/** Others may add containers of their own, as a mesh does. */
function hasAll(images: readonly (string | undefined)[], { images: wanted }: Workload): boolean {
  return wanted.every((image) => images.includes(image));
}

function runs(spec: Pod["spec"], workload: Workload): boolean {
  return hasAll(spec?.containers.map(({ image }) => image) ?? [], workload);
}

/** Of its own containers. */
function restartsOf({ spec, status }: Pod, { images }: Workload): number {
  const names = new Set(spec?.containers.flatMap(({ name, image = "" }) => (images.includes(image) ? [name] : [])));
  return Math.max(0, ...(status?.containerStatuses ?? []).flatMap(({ name, restartCount }) => (names.has(name) ? [restartCount] : [])));
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/** How its container ended last. */
function endOf({ status }: Pod): string {
  const [end] = (status?.containerStatuses ?? []).flatMap(({ state, lastState }) => lastState?.terminated ?? state?.terminated ?? []);
  return end === undefined ? "it was restarted" : `exit code ${end.exitCode}${end.message ? `, ${end.message.trim()}` : ""}`;
}

/** Why a pod isn't ready. */
function waitOf(pods: readonly Pod[]): string {
  const texts = pods.flatMap(({ metadata, status }) =>
    (status?.containerStatuses ?? []).flatMap(({ state }) =>
      state?.waiting?.reason
        ? `pod ${metadata?.name}: ${state.waiting.reason}${state.waiting.message ? `, ${state.waiting.message}` : ""}`
        : [],
    ),
  );
  return texts[0] === undefined ? "" : ` (${texts[0]})`;
}
