import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { readGiven } from "../../sizing/given.ts";
import type { TryState, TryView } from "../kind.ts";
import { labels } from "../labels.ts";
import { numberOf } from "../number.ts";
import { tryOfObject } from "../of-try.ts";
import { messageLimit } from "../outputs.ts";
import { conditionOf, disruptionOf, failureOf } from "./failure.ts";
import { startingSince, waitingFor } from "./waiting.ts";

/** The container that runs what the user gave. */
export const containerName = "step";

/** What is kept of a pod; undefined for one that no run has made. */
export function viewPod(pod: Pod): TryView | undefined {
  const found = tryOfObject(pod.metadata);
  if (found === undefined) return undefined;
  const given = readGiven(pod, containerName);
  return { ...found, ...(given === undefined ? {} : { given }), state: stateOf(pod) };
}

/** The item that a pod works on; undefined for a step that runs once. */
export function itemOf({ metadata }: Pod): number | undefined {
  return numberOf(metadata?.labels?.[labels.item]);
}

/** The how-manieth try of its item a pod is. */
export function tryOf({ metadata }: Pod): number | undefined {
  return numberOf(metadata?.labels?.[labels.try]);
}

function stateOf(pod: Pod): TryState {
  const statuses = pod.status?.containerStatuses ?? [];
  // Others may have put in containers of their own, as a service mesh does.
  const container = statuses.find((status) => status.name === containerName) ?? statuses[0];
  const ended = container?.state?.terminated;
  if (pod.status?.phase === "Succeeded") {
    const cutOff = disruptionOf(pod, ended);
    return {
      phase: "succeeded",
      written: { text: ended?.message ?? "", limit: messageLimit(containersOf(pod)) },
      ...(cutOff === undefined ? {} : { cutOff }),
    };
  }
  if (pod.status?.phase === "Failed") return { phase: "failed", failure: failureOf(pod, container) };
  const waiting = waitingFor(pod, container);
  const since = waiting === undefined ? startingSince(pod, container) : undefined;
  const disrupted = conditionOf(pod, "DisruptionTarget") && disruptionOf(pod, ended);
  const overdue = conditionOf(pod, "DisruptionTarget")?.reason === "DeletionByTaintManager" ? pod.metadata?.deletionTimestamp : undefined;
  return {
    phase: "active",
    placed: (pod.spec?.nodeName ?? "") !== "",
    began: container?.state?.running !== undefined || ended !== undefined,
    ...(waiting === undefined ? {} : { waiting }),
    ...(since === undefined ? {} : { startingSince: since }),
    ...(disrupted === undefined ? {} : { disrupted }),
    ...(overdue === undefined ? {} : { overdueSince: Date.parse(String(overdue)) }),
    ...(overdue === undefined || pod.spec?.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
  };
}

function containersOf({ spec }: Pod): number {
  return Math.max(1, spec?.containers.length ?? 0) + (spec?.initContainers?.length ?? 0) + (spec?.ephemeralContainers?.length ?? 0);
}
