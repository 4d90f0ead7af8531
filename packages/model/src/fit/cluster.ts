import type { NodeSelector } from "kubernetes-types/core/v1.d.ts";
import type { NodeView } from "../node.ts";
import { isFinished, type PodView } from "../pod.ts";
import type { Amounts } from "../amounts/requests.ts";
import type { Labels } from "../selector.ts";
import { type Question, refusals, refusalsByPlace, refusalsByRoom, wishesOf } from "./filter.ts";
import { termsOf } from "./pod-affinity.ts";
import { Pods } from "./pods.ts";
import { Room } from "./room.ts";
import { cordon, tolerates } from "./taints.ts";
import { Topology } from "./topology.ts";

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

/** How many nodes with room are looked at before the emptiest is chosen; kube-scheduler looks at no fewer. */
const enough = 100;

/** Nodes and their pods, kept for the question what fits where. */
export class Cluster {
  readonly #facts: ClusterFacts;
  readonly #pods = new Pods();
  readonly #rooms = new Map<string, Room>();
  readonly #topology: Topology;
  /** The rooms by name, until a node comes or goes. */
  #ordered: readonly Room[] | undefined;
  /** Where the search for a node begins. */
  #next = 0;
  /** Why pods that don't tolerate cordons fit no node, whichever their neighbours are: by what they ask for and by their wishes, until room gets free. */
  readonly #unfit = new Map<Amounts, Map<string, string>>();
  /** How to take back what a rehearsal changes. */
  #undo: (() => void)[] | undefined;

  constructor(facts: ClusterFacts = {}) {
    this.#facts = facts;
    const labelsOf = facts.namespaceLabels ?? ((namespace: string): Labels => ({ "kubernetes.io/metadata.name": namespace }));
    this.#topology = new Topology({ nodes: () => this.nodes(), each: this.#each.bind(this) }, labelsOf);
  }

  /** Adds a node, or takes its new state. */
  setNode(node: NodeView): void {
    const room = this.#room(node.name);
    const old = room.node;
    this.#undo?.push(() => (old === undefined ? this.deleteNode(node.name) : this.setNode(old)));
    this.#setNode(room, node);
  }

  deleteNode(name: string): void {
    const room = this.#rooms.get(name);
    const old = room?.node;
    if (room === undefined || old === undefined) return;
    this.#undo?.push(() => this.setNode(old));
    this.#setNode(room, undefined);
    if (room.pods.size === 0) this.#rooms.delete(name);
  }

  /** Adds a pod, or takes its new state: bound, ending, finished. */
  setPod(pod: PodView): void {
    const old = this.#pods.get(pod.uid);
    this.#undo?.push(() => (old === undefined ? this.deletePod(pod.uid) : this.setPod(old)));
    this.#pods.set(pod);
    if (old !== undefined && takesTheSame(old, pod)) {
      this.#rooms.get(pod.node ?? "")?.pods.set(pod.uid, pod);
      return;
    }
    if (old !== undefined) this.#leave(old);
    if (pod.node === undefined) return;
    const room = this.#room(pod.node);
    room.pods.set(pod.uid, pod);
    if (isFinished(pod)) return;
    room.add(pod);
    if (room.node !== undefined) this.#topology.count(pod, room.node, 1);
  }

  deletePod(uid: string): void {
    const old = this.#pods.get(uid);
    if (old === undefined) return;
    this.#undo?.push(() => this.setPod(old));
    this.#pods.delete(old);
    this.#leave(old);
  }

  node(name: string): NodeView | undefined {
    return this.#rooms.get(name)?.node;
  }

  pod(uid: string): PodView | undefined {
    return this.#pods.get(uid);
  }

  /** By name. */
  nodes(): readonly NodeView[] {
    return this.#order().flatMap(({ node }) => node ?? []);
  }

  /** The pods that are bound to a node, finished ones too. */
  podsOn(node: string): Iterable<PodView> {
    return this.#rooms.get(node)?.pods.values() ?? [];
  }

  /** The pods that one owner controls, finished ones too. */
  podsOf(ownerUid: string): Iterable<PodView> {
    return this.#pods.of(ownerUid);
  }

  /** The pods that wait for a node. */
  unplaced(): Iterable<PodView> {
    return this.#pods.unplaced();
  }

  /** Labels of namespaces have changed. */
  namespacesChanged(): void {
    this.#topology.forget();
    this.#unfit.clear();
  }

  /** Whether the scheduler would take this node for the pod, if the pod weren't anywhere. */
  fits(pod: PodView, node: string): Fit {
    return this.rehearse(() => {
      this.deletePod(pod.uid);
      return pod.shape.isGated ? [gated] : refusals(this.#question(pod), this.#room(node), this.#topology.keptAway);
    });
  }

  /** Puts a pod, wherever it is, on a node that it fits: the emptiest of some, as the scheduler does. Where it fits none it is left as it was. */
  place(pod: PodView): Placement {
    if (pod.shape.isGated) return { node: undefined, why: `${gated}.` };
    const known = this.#pods.get(pod.uid);
    this.deletePod(pod.uid);
    const placement = this.#search(pod);
    if (placement.node !== undefined) this.setPod({ ...pod, node: placement.node, endsAt: undefined });
    else if (known !== undefined) this.setPod(known);
    return placement;
  }

  /** Runs what may change anything, and takes it back. */
  rehearse<T>(action: () => T): T {
    const [outer, next] = [this.#undo, this.#next];
    const undo: (() => void)[] = [];
    this.#undo = undo;
    this.#next = 0;
    try {
      return action();
    } finally {
      this.#undo = undefined;
      while (undo.length > 0) undo.pop()?.();
      [this.#undo, this.#next] = [outer, next];
    }
  }

  #search(pod: PodView): Placement {
    const known = this.#unfit.get(pod.requests)?.get(wishesOf(pod.shape));
    if (known !== undefined) return { node: undefined, why: known };
    const rooms = this.#order();
    const reasons = new Map<string, number>();
    let question: Question | undefined;
    let [best, free, found, looked] = [undefined as string | undefined, -1, 0, 0];
    for (; looked < rooms.length && found < enough; looked++) {
      const room = rooms[(this.#next + looked) % rooms.length];
      if (room === undefined) continue;
      let refused = refusalsByRoom(pod, room);
      if (refused.length === 0) refused = refusalsByPlace((question ??= this.#question(pod)), room, this.#topology.keptAway);
      for (const reason of refused) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (refused.length > 0) continue;
      found++;
      const freeHere = room.freeBeside(pod);
      if (freeHere > free) [best, free] = [room.node?.name, freeHere];
    }
    this.#next = rooms.length === 0 ? 0 : (this.#next + looked) % rooms.length;
    if (best !== undefined) return { node: best };
    const why = messageOf(rooms.length, reasons);
    // No node has room for it, wherever other pods are.
    if (question === undefined && !tolerates(pod.shape.tolerations, cordon))
      this.#unfit.set(pod.requests, (this.#unfit.get(pod.requests) ?? new Map<string, string>()).set(wishesOf(pod.shape), why));
    return { node: undefined, why };
  }

  #question(pod: PodView): Question {
    const terms = termsOf(pod);
    return {
      pod,
      volumes: pod.shape.claims.flatMap((claim) => this.#facts.volumeNodes?.(pod.namespace, claim) ?? []),
      spread: this.#topology.spreadOf(pod),
      near: terms.affinity.length === 0 ? undefined : this.#topology.neighbours(terms.affinity),
      away: terms.each.map((term) => this.#topology.neighbours(term)),
      keptAway: this.#topology.keptAway.from(pod),
    };
  }

  #leave(pod: PodView): void {
    const room = this.#rooms.get(pod.node ?? "");
    if (room === undefined) return;
    room.pods.delete(pod.uid);
    if (!isFinished(pod)) {
      room.remove(pod);
      if (room.node !== undefined) this.#topology.count(pod, room.node, -1);
      // What goes from a cordoned node makes room for none that is kept here.
      if (room.node?.isUnschedulable !== true) this.#unfit.clear();
    }
    if (room.node === undefined && room.pods.size === 0) this.#rooms.delete(pod.node ?? "");
  }

  #setNode(room: Room, node: NodeView | undefined): void {
    const old = room.node;
    const moves = old === undefined || node === undefined || !isSame(old.labels, node.labels);
    const turns = moves || !isSame(old.taints, node.taints) || old.isUnschedulable !== node.isUnschedulable;
    if (moves) for (const pod of room.pods.values()) if (old !== undefined && !isFinished(pod)) this.#topology.keptAway.count(pod, old, -1);
    room.node = node;
    if (moves)
      for (const pod of room.pods.values()) if (node !== undefined && !isFinished(pod)) this.#topology.keptAway.count(pod, node, 1);
    if (old === undefined || node === undefined) this.#ordered = undefined;
    if (moves) this.#topology.forget();
    else if (turns) this.#topology.forgetTaints();
    if (turns || old.allocatable !== node.allocatable) this.#unfit.clear();
  }

  #room(name: string): Room {
    let room = this.#rooms.get(name);
    if (room === undefined) this.#rooms.set(name, (room = new Room()));
    return room;
  }

  #order(): readonly Room[] {
    return (this.#ordered ??= [...this.#rooms.entries()]
      .filter(([, { node }]) => node !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, room]) => room));
  }

  #each(namespace: string | undefined, means: (pod: PodView) => boolean, visit: (pod: PodView, node: NodeView) => void): void {
    for (const pods of this.#pods.alike(namespace)) {
      let isMeant: boolean | undefined;
      for (const pod of pods) {
        isMeant ??= means(pod);
        if (!isMeant) break;
        const node = this.#rooms.get(pod.node ?? "")?.node;
        if (node !== undefined && !isFinished(pod)) visit(pod, node);
      }
    }
  }
}

const gated = "Scheduling is blocked due to non-empty scheduling gates";

function messageOf(nodes: number, reasons: ReadonlyMap<string, number>): string {
  if (nodes === 0) return "no nodes available to schedule pods";
  return `0/${nodes} nodes are available: ${[...reasons]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(", ")}.`;
}

/** Whether nothing of a pod has changed that counts here. */
function takesTheSame(a: PodView, b: PodView): boolean {
  return a.node === b.node && a.shape === b.shape && a.requests === b.requests && a.endsAt === b.endsAt && isFinished(a) === isFinished(b);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
