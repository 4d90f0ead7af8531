import type { NodeSelector } from "kubernetes-types/core/v1.d.ts";
import type { PodShape, PodView } from "../pod.ts";
import { namesNode, selectsNode, wantsNode } from "./node-affinity.ts";
import type { AffinityTerm, KeptAway, Neighbours } from "./pod-affinity.ts";
import type { Room } from "./room.ts";
import type { Spread } from "./spread.ts";
import { cordon, tolerates, toleratesAll } from "./taints.ts";

/** What is to be known of a pod before it is asked of many nodes whether it fits. */
export interface Question {
  pod: PodView;
  /** Where the volumes are that it claims. */
  volumes: readonly NodeSelector[];
  spread: Spread | undefined;
  /** Whom it must be near. */
  near: Neighbours | undefined;
  /** Whom it must not be near, a term each. */
  away: readonly Neighbours[];
  /** Those of others' terms that keep it away. */
  keptAway: readonly AffinityTerm[];
}

const fits: readonly string[] = [];

/**
 * Why a pod doesn't fit a node, in kube-scheduler's words and by the first of its filters that says no; empty: it fits. Preemption isn't looked
 * at, nor are limits of volumes a node, volumes that only one pod may use, claims that no volume is bound to yet, and dynamic resources.
 */
export function refusals(question: Question, room: Room, keeps: KeptAway): readonly string[] {
  const refused = refusalsByRoom(question.pod, room);
  return refused.length > 0 ? refused : refusalsByPlace(question, room, keeps);
}

/** By the first filters, which look at the node and at what its pods take of it. */
export function refusalsByRoom(pod: PodView, room: Room): readonly string[] {
  const { node } = room;
  const { shape } = pod;
  if (node === undefined) return ["node(s) didn't match the requested node name"];
  if (!namesNode(shape, node.name)) return ["node(s) didn't satisfy plugin(s) [NodeAffinity]"];
  if (node.isUnschedulable && !tolerates(shape.tolerations, cordon)) return ["node(s) were unschedulable"];
  if (node.taints.length > 0 && !toleratesAll(shape.tolerations, node.taints)) return ["node(s) had untolerated taint(s)"];
  if (!wantsNode(shape, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  if (!room.hasPorts(pod)) return ["node(s) didn't have free ports for the requested pod ports"];
  return room.lacks(pod);
}

/** By the later ones, which look at where volumes and other pods are. */
export function refusalsByPlace({ pod, volumes, spread, near, away, keptAway }: Question, room: Room, keeps: KeptAway): readonly string[] {
  const { node } = room;
  if (node === undefined) return fits;
  if (!volumes.every((volume) => selectsNode(volume, node))) return ["node(s) didn't match PersistentVolume's node affinity"];
  const unspread = spread?.refusal(pod, node);
  if (unspread !== undefined) return [unspread];
  if (near !== undefined && !near.near(node, pod)) return ["node(s) didn't match pod affinity rules"];
  if (away.some((others) => others.someNear(node))) return ["node(s) didn't match pod anti-affinity rules"];
  if (keptAway.length > 0 && keeps.keeps(keptAway, node)) return ["node(s) didn't satisfy existing pods anti-affinity rules"];
  return fits;
}

const wishes = new WeakMap<PodShape, string>();

/** What pods have in common that the first filters answer the same, if they ask for the same amounts. */
export function wishesOf(shape: PodShape): string {
  let known = wishes.get(shape);
  if (known === undefined) {
    const { nodeSelector, affinity, tolerations, hostPorts } = shape;
    known = JSON.stringify([nodeSelector, affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution, tolerations, hostPorts]);
    wishes.set(shape, known);
  }
  return known;
}
