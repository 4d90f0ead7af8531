import type { Path, Problem } from "@plimsoll/api";
import { named, oneOf, required, within } from "./check.ts";
import { labelValue, qualifiedName, wordName } from "./names.ts";
import { nodeTermProblems, selectorProblems, type LabelSelector, type NodeTerm } from "./selector.ts";

/** A taint that is borne. */
export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

interface PodTerm {
  labelSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  namespaces?: readonly string[];
  topologyKey?: string;
  matchLabelKeys?: readonly string[];
  mismatchLabelKeys?: readonly string[];
}

interface PodTerms {
  requiredDuringSchedulingIgnoredDuringExecution?: readonly PodTerm[];
  preferredDuringSchedulingIgnoredDuringExecution?: readonly { weight?: number; podAffinityTerm?: PodTerm }[];
}

/** What nodes and what neighbours are sought or shunned. */
export interface Affinity {
  nodeAffinity?: {
    requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms?: readonly NodeTerm[] };
    preferredDuringSchedulingIgnoredDuringExecution?: readonly { weight?: number; preference?: NodeTerm }[];
  };
  podAffinity?: PodTerms;
  podAntiAffinity?: PodTerms;
}

/** How pods are spread. */
export interface Spread {
  maxSkew?: number;
  minDomains?: number;
  topologyKey?: string;
  whenUnsatisfiable?: string;
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
  matchLabelKeys?: readonly string[];
  labelSelector?: LabelSelector;
}

const needed = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

/** What is wrong with a toleration. */
export function* tolerationProblems(
  { key, operator = "Equal", value = "", effect, tolerationSeconds }: Toleration,
  path: Path,
): Generator<Problem> {
  if (key) yield* named(key, qualifiedName, [...path, "key"]);
  yield* oneOf(operator || "Equal", ["Exists", "Equal"], [...path, "operator"]);
  if (!key && operator !== "Exists") yield { path: [...path, "key"], message: "is missing: give it, or operator: Exists for every taint" };
  if (operator === "Exists" && value !== "") yield { path: [...path, "value"], message: "doesn't go with operator: Exists: take it out" };
  if (operator === "Equal" || operator === "") yield* named(value, labelValue, [...path, "value"]);
  if (effect) yield* oneOf(effect, ["NoSchedule", "PreferNoSchedule", "NoExecute"], [...path, "effect"]);
  if (tolerationSeconds !== undefined && effect !== "NoExecute")
    yield { path: [...path, "tolerationSeconds"], message: "goes with effect: NoExecute: give that, or take it out" };
}

/** What is wrong with an affinity. */
export function* affinityProblems({ nodeAffinity = {}, podAffinity, podAntiAffinity }: Affinity, path: Path): Generator<Problem> {
  const at = [...path, "nodeAffinity"];
  const wanted = nodeAffinity[needed];
  if (wanted) {
    const terms = wanted.nodeSelectorTerms ?? [];
    if (terms.length === 0) yield { path: [...at, needed, "nodeSelectorTerms"], message: "is missing: give at least one" };
    for (const [index, term] of terms.entries()) yield* nodeTermProblems(term, [...at, needed, "nodeSelectorTerms", index], true);
  }
  for (const [index, { weight = 0, preference = {} }] of (nodeAffinity[preferred] ?? []).entries()) {
    yield* within(weight, 1, 100, [...at, preferred, index, "weight"]);
    yield* nodeTermProblems(preference, [...at, preferred, index, "preference"], false);
  }
  for (const [kind, terms] of Object.entries({ podAffinity, podAntiAffinity })) {
    for (const [index, term] of (terms?.[needed] ?? []).entries()) yield* podTermProblems(term, [...path, kind, needed, index]);
    for (const [index, { weight = 0, podAffinityTerm = {} }] of (terms?.[preferred] ?? []).entries()) {
      yield* within(weight, 1, 100, [...path, kind, preferred, index, "weight"]);
      yield* podTermProblems(podAffinityTerm, [...path, kind, preferred, index, "podAffinityTerm"]);
    }
  }
}

/** What is wrong with how pods are spread. */
export function* spreadProblems(spreads: readonly Spread[], path: Path): Generator<Problem> {
  for (const [index, spread] of spreads.entries()) {
    const at = [...path, index];
    yield* within(spread.maxSkew ?? 0, 1, Infinity, [...at, "maxSkew"]);
    yield* required(spread.topologyKey, [...at, "topologyKey"]);
    yield* oneOf(spread.whenUnsatisfiable ?? "", ["DoNotSchedule", "ScheduleAnyway"], [...at, "whenUnsatisfiable"]);
    yield* within(spread.minDomains, 1, Infinity, [...at, "minDomains"]);
    if (spread.minDomains !== undefined && spread.whenUnsatisfiable !== "DoNotSchedule")
      yield { path: [...at, "minDomains"], message: "goes with whenUnsatisfiable: DoNotSchedule: give that, or take it out" };
    for (const key of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) yield* oneOf(spread[key], ["Honor", "Ignore"], [...at, key]);
    if (spread.labelSelector) yield* selectorProblems(spread.labelSelector, [...at, "labelSelector"]);
    yield* keyProblems(spread, at);
    const first = spreads.findIndex(
      (other) => other.topologyKey === spread.topologyKey && other.whenUnsatisfiable === spread.whenUnsatisfiable,
    );
    if (first < index) yield { path: at, message: `has topologyKey and whenUnsatisfiable as entry ${first}: keep one of them` };
  }
}

function* podTermProblems(term: PodTerm, path: Path): Generator<Problem> {
  if (term.labelSelector) yield* selectorProblems(term.labelSelector, [...path, "labelSelector"]);
  if (term.namespaceSelector) yield* selectorProblems(term.namespaceSelector, [...path, "namespaceSelector"]);
  for (const [index, name] of (term.namespaces ?? []).entries()) yield* named(name, wordName, [...path, "namespaces", index]);
  yield* required(term.topologyKey, [...path, "topologyKey"], qualifiedName);
  yield* keyProblems(term, path);
}

/** Keys whose values are the pod's own. */
function* keyProblems(
  { labelSelector, ...lists }: Pick<PodTerm, "labelSelector" | "matchLabelKeys" | "mismatchLabelKeys">,
  path: Path,
): Generator<Problem> {
  for (const list of ["matchLabelKeys", "mismatchLabelKeys"] as const) {
    const keys = lists[list] ?? [];
    if (keys.length > 0 && labelSelector === undefined) yield { path: [...path, list], message: "goes with labelSelector: give that, too" };
    for (const [index, key] of keys.entries()) yield* named(key, qualifiedName, [...path, list, index]);
  }
  const selected = new Set([
    ...Object.keys(labelSelector?.matchLabels ?? {}),
    ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  for (const [index, key] of (lists.matchLabelKeys ?? []).entries()) {
    if (selected.has(key))
      yield { path: [...path, "matchLabelKeys", index], message: `"${key}" stands in labelSelector, too: take it out of one of them` };
    if (lists.mismatchLabelKeys?.includes(key))
      yield { path: [...path, "matchLabelKeys", index], message: `"${key}" stands in mismatchLabelKeys, too: take it out of one of them` };
  }
}
