import type { NodeView } from "../node.ts";
import type { PodShape, PodView } from "../pod.ts";
import type { Labels } from "../selector.ts";
import { type AffinityTerm, KeptAway, Neighbours } from "./pod-affinity.ts";
import { constraintsOf, Spread } from "./spread.ts";

/** The nodes, and the pods that take room. */
export interface Placed {
  nodes(): Iterable<NodeView>;
  /** Calls `visit` with each pod of a namespace, or of all, that is like one of which `means` is true; namespace and shape are all it may look at. */
  each(namespace: string | undefined, means: (pod: PodView) => boolean, visit: (pod: PodView, node: NodeView) => void): void;
}

/** More sorts of pods than this are not kept counted: each costs something with every pod that comes or goes. */
const most = 4_000;

/** How many pods of which sort are in which domain: counted when first asked for, and then kept up to date. */
export class Topology {
  readonly keptAway: KeptAway;
  readonly #placed: Placed;
  readonly #labelsOf: (namespace: string) => Labels;
  /** By the namespace whose pods they count, and by what they count of them. */
  readonly #spreads = new Map<string, Map<string, Spread>>();
  /** By the namespaces whose pods they count; undefined: any may be. */
  readonly #neighbours = new Map<string | undefined, Set<Neighbours>>();
  readonly #byTerms = new Map<string, Neighbours>();
  readonly #domains = new Map<string, readonly ReadonlySet<string>[]>();
  /** What was found, by what is asked with. */
  #spreadOf = new WeakMap<PodShape, Map<string, Spread>>();
  #neighboursOf = new WeakMap<readonly AffinityTerm[], Neighbours>();
  #kept = 0;

  constructor(placed: Placed, labelsOf: (namespace: string) => Labels) {
    this.keptAway = new KeptAway(labelsOf);
    this.#placed = placed;
    this.#labelsOf = labelsOf;
  }

  /** A pod came to a node (1) or went (-1). */
  count(pod: PodView, node: NodeView, times: 1 | -1): void {
    this.keptAway.count(pod, node, times);
    for (const spread of this.#spreads.get(pod.namespace)?.values() ?? []) spread.count(pod, node, times);
    for (const namespace of [pod.namespace, undefined])
      for (const neighbours of this.#neighbours.get(namespace) ?? []) neighbours.count(pod, node, times);
  }

  /** What was counted is counted anew: nodes came, went or are in other domains. */
  forget(): void {
    this.forgetTaints();
    this.#spreads.clear();
    this.#neighbours.clear();
    this.#byTerms.clear();
    this.#neighboursOf = new WeakMap();
    this.#kept = 0;
  }

  /** Other taints are on a node: what depends on them is counted anew. */
  forgetTaints(): void {
    for (const spreads of this.#spreads.values()) for (const [key, spread] of spreads) if (spread.honorsTaints) spreads.delete(key);
    this.#domains.clear();
    this.#spreadOf = new WeakMap();
  }

  /** How pods like this one are spread; undefined: they needn't be. */
  spreadOf({ namespace, shape }: PodView): Spread | undefined {
    if (shape.spread.length === 0 || constraintsOf(shape).length === 0) return undefined;
    const found = this.#spreadOf.get(shape)?.get(namespace);
    if (found !== undefined) return found;
    this.#limit();
    const ofNamespace = this.#spreads.get(namespace) ?? new Map<string, Spread>();
    this.#spreads.set(namespace, ofNamespace);
    const spread = ofNamespace.get(Spread.keyOf(shape)) ?? this.#newSpread(namespace, shape);
    ofNamespace.set(Spread.keyOf(shape), spread);
    this.#spreadOf.set(shape, (this.#spreadOf.get(shape) ?? new Map<string, Spread>()).set(namespace, spread));
    return spread;
  }

  /** Where the pods are that all of the terms mean. */
  neighbours(terms: readonly AffinityTerm[]): Neighbours {
    const found = this.#neighboursOf.get(terms);
    if (found !== undefined) return found;
    this.#limit();
    const key = JSON.stringify(terms);
    const neighbours = this.#byTerms.get(key) ?? this.#newNeighbours(terms);
    this.#byTerms.set(key, neighbours);
    this.#neighboursOf.set(terms, neighbours);
    return neighbours;
  }

  #newSpread(namespace: string, shape: PodShape): Spread {
    const key = Spread.domainKeyOf(shape);
    const domains = this.#domains.get(key) ?? Spread.domainsOf(shape, this.#placed.nodes());
    this.#domains.set(key, domains);
    const spread = new Spread(namespace, shape, domains);
    const counts = (pod: PodView): boolean => spread.counts(pod);
    this.#placed.each(namespace, counts, (pod, node) => spread.count(pod, node, 1));
    return spread;
  }

  #newNeighbours(terms: readonly AffinityTerm[]): Neighbours {
    const neighbours = new Neighbours(terms, this.#labelsOf);
    const means = (pod: PodView): boolean => neighbours.mean(pod);
    for (const namespace of neighbours.namespaces ?? [undefined]) {
      const ofNamespace = this.#neighbours.get(namespace) ?? new Set();
      this.#neighbours.set(namespace, ofNamespace.add(neighbours));
      this.#placed.each(namespace, means, (pod, node) => neighbours.count(pod, node, 1));
    }
    return neighbours;
  }

  #limit(): void {
    if (++this.#kept > most) this.forget();
  }
}
