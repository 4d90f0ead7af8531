import type { NodeSelector } from "kubernetes-types/core/v1.d.ts";
import type { NodeView } from "../node.ts";
import type { PodView } from "../pod.ts";
import type { Labels } from "../selector.ts";

/** What is known beside nodes and pods. */
export interface ClusterFacts {
  /** A namespace's labels; by default none but its name. */
  namespaceLabels?: (namespace: string) => Labels;
  /** Where the volume that a claim is bound to can be reached; undefined: everywhere, or unknown. */
  volumeNodes?: (namespace: string, claim: string) => NodeSelector | undefined;
}

/** Why a pod doesn't fit a node, in kube-scheduler's words: one reason, or several resources of which there isn't enough. Empty: it fits. */
export type Fit = readonly string[];

/** A node that a pod was placed on, or why it fits none: as kube-scheduler would say it. */
export type Placement = { node: string; why?: undefined } | { node: undefined; why: string };

/** Nodes and their pods, kept for the question what fits where. */
export declare class Cluster {
  constructor(facts?: ClusterFacts);
  /** Adds a node, or takes its new state. */
  setNode(node: NodeView): void;
  deleteNode(name: string): void;
  /** Adds a pod, or takes its new state: bound, ending, finished. */
  setPod(pod: PodView): void;
  deletePod(uid: string): void;
  node(name: string): NodeView | undefined;
  pod(uid: string): PodView | undefined;
  nodes(): Iterable<NodeView>;
  /** The pods that are bound to a node. */
  podsOn(node: string): Iterable<PodView>;
  /** The pods that one owner controls, finished ones too. */
  podsOf(ownerUid: string): Iterable<PodView>;
  /** The pods that wait for a node. */
  unplaced(): Iterable<PodView>;
  /** Whether the scheduler would take this node for the pod now. */
  fits(pod: PodView, node: string): Fit;
  /** Puts a pod, wherever it is, on a node that it fits: the emptiest of some, as the scheduler does. Where it fits none it is left as it was. */
  place(pod: PodView): Placement;
  /** Runs what may change anything, and takes it back. */
  rehearse<T>(action: () => T): T;
}
