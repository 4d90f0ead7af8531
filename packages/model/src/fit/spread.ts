import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";
import type { NodeView } from "../node.ts";
import type { PodShape, PodView } from "../pod.ts";
import { labelOf, matches } from "../selector.ts";
import { wantsNode } from "./node-affinity.ts";
import { toleratesAll } from "./taints.ts";

/** A topology spread constraint that keeps pods from nodes, with everything that it leaves out. */
interface Constraint {
  key: string;
  maxSkew: number;
  minDomains: number;
  selector: LabelSelector | undefined;
  honorsAffinity: boolean;
  honorsTaints: boolean;
}

/** What newer versions of the API say beside. */
interface More {
  minDomains?: number;
  matchLabelKeys?: readonly string[];
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
}

const known = new WeakMap<PodShape, readonly Constraint[]>();

/** A pod's constraints with `whenUnsatisfiable: DoNotSchedule`; others only weigh in. */
export function constraintsOf(shape: PodShape): readonly Constraint[] {
  const found = known.get(shape);
  if (found !== undefined) return found;
  const constraints = shape.spread
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule")
    .map((constraint) => {
      const more = constraint as More;
      return {
        key: constraint.topologyKey,
        maxSkew: constraint.maxSkew,
        minDomains: more.minDomains ?? 1,
        selector: withKeys(constraint.labelSelector, more.matchLabelKeys ?? [], shape),
        honorsAffinity: more.nodeAffinityPolicy !== "Ignore",
        honorsTaints: more.nodeTaintsPolicy === "Honor",
      };
    });
  known.set(shape, constraints);
  return constraints;
}

/** A selector that also asks for the pod's own values of some labels. None at all stays none. */
function withKeys(selector: LabelSelector | undefined, keys: readonly string[], { labels }: PodShape): LabelSelector | undefined {
  const own = keys.flatMap((key) => {
    const value = labelOf(labels, key);
    return value === undefined ? [] : [{ key, operator: "In", values: [value] }];
  });
  if (selector === undefined || own.length === 0) return selector;
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...own] };
}

/** How many pods there are in each domain of the constraints that pods of one sort have in common. */
export class Spread {
  readonly #namespace: string;
  readonly #shape: PodShape;
  readonly #constraints: readonly Constraint[];
  readonly #counts: readonly Map<string, number>[];
  readonly #least: (number | undefined)[];

  /** `domains`: those of each constraint, as `domainsOf` finds them. */
  constructor(namespace: string, shape: PodShape, domains: readonly ReadonlySet<string>[]) {
    this.#namespace = namespace;
    this.#shape = shape;
    this.#constraints = constraintsOf(shape);
    this.#counts = domains.map((names) => new Map(Array.from(names, (name) => [name, 0])));
    this.#least = this.#constraints.map(() => undefined);
  }

  /** What pods of a namespace have in common whose constraints count the same. */
  static keyOf(shape: PodShape): string {
    return JSON.stringify([constraintsOf(shape), Spread.domainKeyOf(shape)]);
  }

  /** What pods have in common whose constraints have the same domains. */
  static domainKeyOf(shape: PodShape): string {
    const { nodeSelector, affinity, tolerations } = shape;
    const constraints = constraintsOf(shape).map(({ key, honorsAffinity, honorsTaints }) => [key, honorsAffinity, honorsTaints]);
    const on = [nodeSelector, affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution];
    return JSON.stringify([constraints, on, constraints.some(([, , honorsTaints]) => honorsTaints) ? tolerations : 0]);
  }

  /** The domains of each of a pod's constraints: also of nodes without pods. */
  static domainsOf(shape: PodShape, nodes: Iterable<NodeView>): ReadonlySet<string>[] {
    const constraints = constraintsOf(shape);
    const domains = constraints.map(() => new Set<string>());
    for (const node of nodes) for (const [index, domain] of countedIn(constraints, shape, node)) domains[index]?.add(domain);
    return domains;
  }

  get honorsTaints(): boolean {
    return this.#constraints.some(({ honorsTaints }) => honorsTaints);
  }

  /** Whether one of the constraints counts a pod. One that is ending isn't counted. */
  counts(pod: PodView): boolean {
    return pod.namespace === this.#namespace && this.#constraints.some(({ selector }) => selects(selector, pod));
  }

  /** A pod came (1) or went (-1). */
  count(pod: PodView, node: NodeView, times: 1 | -1): void {
    if (pod.endsAt !== undefined || !this.counts(pod)) return;
    for (const [index, domain] of countedIn(this.#constraints, this.#shape, node)) {
      if (!selects(this.#constraints[index]?.selector, pod)) continue;
      const counts = this.#counts[index];
      counts?.set(domain, (counts.get(domain) ?? 0) + times);
      this.#least[index] = undefined;
    }
  }

  /** Why a pod may not be put on a node; undefined: it may. */
  refusal({ shape }: PodView, node: NodeView): string | undefined {
    for (const [index, { key, maxSkew, minDomains, selector }] of this.#constraints.entries()) {
      const domain = labelOf(node.labels, key);
      if (domain === undefined) return "node(s) didn't match pod topology spread constraints (missing required label)";
      const counts = this.#counts[index];
      const least = (counts?.size ?? 0) < minDomains ? 0 : this.#leastOf(index);
      if ((counts?.get(domain) ?? 0) + (matches(selector, shape.labels) ? 1 : 0) - least > maxSkew)
        return "node(s) didn't match pod topology spread constraints";
    }
    return undefined;
  }

  #leastOf(index: number): number {
    let least = this.#least[index];
    if (least === undefined) {
      least = Number.POSITIVE_INFINITY;
      for (const count of this.#counts[index]?.values() ?? []) least = Math.min(least, count);
      this.#least[index] = least;
    }
    return least;
  }
}

/** The constraints that count pods on a node, by index, each with the node's domain: none, unless the node has a domain for each of them. */
function countedIn(constraints: readonly Constraint[], shape: PodShape, node: NodeView): [index: number, domain: string][] {
  const found: [number, string][] = [];
  for (const [index, { key, honorsAffinity, honorsTaints }] of constraints.entries()) {
    const domain = labelOf(node.labels, key);
    if (domain === undefined) return [];
    if (honorsAffinity && !wantsNode(shape, node)) continue;
    if (honorsTaints && !toleratesAll(shape.tolerations, node.taints)) continue;
    found.push([index, domain]);
  }
  return found;
}

/** An empty selector counts no pods, though it would choose every one: so kube-scheduler does it. */
function selects(selector: LabelSelector | undefined, { shape }: PodView): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return Object.keys(matchLabels).length + matchExpressions.length > 0 && matches(selector, shape.labels);
}
