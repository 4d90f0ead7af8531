import type { NodeView } from "../node.ts";
import type { PodShape, PodView } from "../pod.ts";
import type { Labels } from "../selector.ts";
import { type AffinityTerm, KeptAway, Neighbours } from "./pod-affinity.ts";
import type { Room } from "./room.ts";
import { constraintsOf, Spread } from "./spread.ts";

/** The pods that take room, each with its room: of a namespace, or of all. */
export type Placed = (namespace?: string) => Iterable<readonly [PodView, Room]>;

/** More sorts of pods than this are not kept counted: each costs something with every pod that comes or goes. */
const most = 2_000;

/** How many pods of which sort are in which domain: counted when first asked for, and then kept up to date. */
export class Topology {
  readonly keptAway: KeptAway;
  readonly #rooms: () => Iterable<Room>;
  readonly #placed: Placed;
  readonly #labelsOf: (namespace: string) => Labels;
  readonly #spreads = new Map<string, Spread>();
  readonly #neighbours = new Map<string, Neighbours>();
  #spreadOf = new WeakMap<PodShape, Map<string, Spread>>();
  #neighboursOf = new WeakMap<readonly AffinityTerm[], Neighbours>();

  constructor(rooms: () => Iterable<Room>, placed: Placed, labelsOf: (namespace: string) => Labels) {
    this.keptAway = new KeptAway(labelsOf);
    this.#rooms = rooms;
    this.#placed = placed;
    this.#labelsOf = labelsOf;
  }

  /** A pod came to a node (1) or went (-1). */
  count(pod: PodView, node: NodeView, times: 1 | -1): void {
    this.keptAway.count(pod, node, times);
    for (const spread of this.#spreads.values()) spread.count(pod, node, times);
    for (const neighbours of this.#neighbours.values()) neighbours.count(pod, node, times);
  }

  /** What was counted is counted anew: nodes came, went or are in other domains. */
  forget(): void {
    this.#spreads.clear();
    this.#neighbours.clear();
    this.#spreadOf = new WeakMap();
    this.#neighboursOf = new WeakMap();
  }

  /** Other taints are on a node. */
  forgetTaints(): void {
    if (![...this.#spreads.values()].some(({ honorsTaints }) => honorsTaints)) return;
    this.#spreads.clear();
    this.#spreadOf = new WeakMap();
  }

  /** How pods like this one are spread; undefined: they needn't be. */
  spreadOf({ namespace, shape }: PodView): Spread | undefined {
    if (shape.spread.length === 0 || constraintsOf(shape).length === 0) return undefined;
    const found = this.#spreadOf.get(shape)?.get(namespace);
    if (found !== undefined) return found;
    this.#limit();
    const key = Spread.keyOf(namespace, shape);
    let spread = this.#spreads.get(key);
    if (spread === undefined) {
      spread = new Spread(namespace, shape);
      for (const { node } of this.#rooms()) if (node !== undefined) spread.addNode(node);
      for (const [pod, { node }] of this.#placed(namespace)) if (node !== undefined) spread.count(pod, node, 1);
      this.#spreads.set(key, spread);
    }
    const byNamespace = this.#spreadOf.get(shape) ?? new Map<string, Spread>();
    this.#spreadOf.set(shape, byNamespace.set(namespace, spread));
    return spread;
  }

  /** Where the pods are that all of the terms mean. */
  neighbours(terms: readonly AffinityTerm[]): Neighbours {
    const found = this.#neighboursOf.get(terms);
    if (found !== undefined) return found;
    this.#limit();
    const key = JSON.stringify(terms);
    let neighbours = this.#neighbours.get(key);
    if (neighbours === undefined) {
      neighbours = new Neighbours(terms, this.#labelsOf);
      for (const namespace of neighbours.namespaces ?? [undefined])
        for (const [pod, { node }] of this.#placed(namespace)) if (node !== undefined) neighbours.count(pod, node, 1);
      this.#neighbours.set(key, neighbours);
    }
    this.#neighboursOf.set(terms, neighbours);
    return neighbours;
  }

  #limit(): void {
    if (this.#spreads.size + this.#neighbours.size >= most) this.forget();
  }
}
