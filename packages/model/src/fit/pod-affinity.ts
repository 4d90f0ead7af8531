import type { PodAffinityTerm } from "kubernetes-types/core/v1.d.ts";
import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";
import type { NodeView } from "../node.ts";
import type { PodShape, PodView } from "../pod.ts";
import { labelOf, matches, type Labels } from "../selector.ts";

type NamespaceLabels = (namespace: string) => Labels;

/** A required term of a pod's affinity or anti-affinity, as seen from the pod's namespace. */
export class AffinityTerm {
  readonly key: string;
  /** The only namespaces whose pods are meant; undefined: some are chosen by their labels. */
  readonly namespaces: readonly string[] | undefined;
  readonly #term: PodAffinityTerm;
  readonly #selector: LabelSelector | undefined;
  readonly #named: readonly string[];

  constructor(term: PodAffinityTerm, namespace: string) {
    const selector = term.namespaceSelector;
    this.#term = term;
    this.key = term.topologyKey;
    this.#selector = selector;
    this.#named = (term.namespaces ?? []).length === 0 && selector === undefined ? [namespace] : (term.namespaces ?? []);
    this.namespaces = selector === undefined ? this.#named : undefined;
  }

  /** What it says, as a part of a key. */
  toJSON(): unknown {
    return [this.#named, this.#term];
  }

  /** Whether it means a pod of this namespace with these labels. */
  means({ namespace, shape }: PodView, labelsOf: NamespaceLabels): boolean {
    const inNamespace = this.#named.includes(namespace) || (this.#selector !== undefined && matches(this.#selector, labelsOf(namespace)));
    return inNamespace && matches(this.#term.labelSelector, shape.labels);
  }
}

/** A pod's required terms. */
export interface AffinityTerms {
  /** All of which together mean the pods that it must be near; none: none. */
  affinity: readonly AffinityTerm[];
  antiAffinity: readonly AffinityTerm[];
  /** The terms of `antiAffinity`, each in a list of its own. */
  each: readonly (readonly AffinityTerm[])[];
}

const noTerms: AffinityTerms = { affinity: [], antiAffinity: [], each: [] };
const known = new WeakMap<PodShape, Map<string, AffinityTerms>>();

/** The required terms of a pod; the same object for pods of one shape and namespace. */
export function termsOf({ namespace, shape }: PodView): AffinityTerms {
  const affinity = shape.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const anti = shape.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  if (affinity.length + anti.length === 0) return noTerms;
  let byNamespace = known.get(shape);
  if (byNamespace === undefined) known.set(shape, (byNamespace = new Map()));
  let terms = byNamespace.get(namespace);
  if (terms === undefined) {
    const made = (term: PodAffinityTerm): AffinityTerm => new AffinityTerm(term, namespace);
    const antiAffinity = anti.map(made);
    byNamespace.set(namespace, (terms = { affinity: affinity.map(made), antiAffinity, each: antiAffinity.map((term) => [term]) }));
  }
  return terms;
}

/** How many pods are in each domain that all of some terms mean: those near which, or away from which, a pod wants to be. */
export class Neighbours {
  readonly #terms: readonly AffinityTerm[];
  readonly #labelsOf: NamespaceLabels;
  readonly #counts: ReadonlyMap<string, Map<string, number>>;

  constructor(terms: readonly AffinityTerm[], labelsOf: NamespaceLabels) {
    this.#terms = terms;
    this.#labelsOf = labelsOf;
    this.#counts = new Map(terms.map(({ key }) => [key, new Map<string, number>()]));
  }

  /** The namespaces in which there may be any; undefined: any may be. */
  get namespaces(): readonly string[] | undefined {
    const all = this.#terms.map(({ namespaces }) => namespaces);
    return all.includes(undefined) ? undefined : [...new Set(all.flatMap((namespaces) => namespaces ?? []))];
  }

  count(pod: PodView, node: NodeView, times: 1 | -1): void {
    if (!this.mean(pod)) return;
    for (const [key, counts] of this.#counts) add(counts, labelOf(node.labels, key), times);
  }

  /** Whether all the terms mean the pod. */
  mean(pod: PodView): boolean {
    return this.#terms.every((term) => term.means(pod, this.#labelsOf));
  }

  /** Whether there is one in the node's domain of some term. */
  someNear(node: NodeView): boolean {
    return this.#terms.some(({ key }) => this.#isNear(key, node));
  }

  /** Whether the node has a domain for each term, and there is one in each; or else there is none at all, and the pod is one itself. */
  near(node: NodeView, pod: PodView): boolean {
    if (this.#terms.some(({ key }) => labelOf(node.labels, key) === undefined)) return false;
    if (this.#terms.every(({ key }) => this.#isNear(key, node))) return true;
    return [...this.#counts.values()].every(({ size }) => size === 0) && this.mean(pod);
  }

  #isNear(key: string, node: NodeView): boolean {
    const domain = labelOf(node.labels, key);
    return domain !== undefined && (this.#counts.get(key)?.has(domain) ?? false);
  }
}

/** Where pods are that keep others away, by their terms. */
export class KeptAway {
  readonly #labelsOf: NamespaceLabels;
  readonly #counts = new Map<AffinityTerm, Map<string, number>>();
  readonly #inNamespace = new Map<string, Set<AffinityTerm>>();
  readonly #anywhere = new Set<AffinityTerm>();

  constructor(labelsOf: NamespaceLabels) {
    this.#labelsOf = labelsOf;
  }

  count(pod: PodView, node: NodeView, times: 1 | -1): void {
    for (const term of termsOf(pod).antiAffinity) {
      let counts = this.#counts.get(term);
      if (counts === undefined) {
        this.#counts.set(term, (counts = new Map()));
        for (const terms of this.#sets(term)) terms.add(term);
      }
      add(counts, labelOf(node.labels, term.key), times);
      if (counts.size > 0) continue;
      this.#counts.delete(term);
      for (const terms of this.#sets(term)) terms.delete(term);
    }
  }

  /** The terms that keep a pod away from some domains. */
  from(pod: PodView): readonly AffinityTerm[] {
    const terms = [...(this.#inNamespace.get(pod.namespace) ?? []), ...this.#anywhere];
    return terms.filter((term) => term.means(pod, this.#labelsOf));
  }

  /** Whether one of the terms keeps a pod away from a node. */
  keeps(terms: readonly AffinityTerm[], node: NodeView): boolean {
    return terms.some((term) => {
      const domain = labelOf(node.labels, term.key);
      return domain !== undefined && (this.#counts.get(term)?.has(domain) ?? false);
    });
  }

  #sets({ namespaces }: AffinityTerm): Set<AffinityTerm>[] {
    if (namespaces === undefined) return [this.#anywhere];
    return namespaces.map((namespace) => {
      let terms = this.#inNamespace.get(namespace);
      if (terms === undefined) this.#inNamespace.set(namespace, (terms = new Set()));
      return terms;
    });
  }
}

function add(counts: Map<string, number>, domain: string | undefined, times: 1 | -1): void {
  if (domain === undefined) return;
  const count = (counts.get(domain) ?? 0) + times;
  if (count === 0) counts.delete(domain);
  else counts.set(domain, count);
}
