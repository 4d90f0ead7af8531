import type { Recommendation, RightSizingPolicy } from "@plimsoll/api";
import { milliOfNano, parseQuantity, unit, valueOfNano, type Money, type Rates } from "@plimsoll/model";
import { groupOf } from "@plimsoll/model/sizing";

/** What a line stands for. */
export const bys = ["namespace", "workload", "container"] as const;
export type By = (typeof bys)[number];

/** What the pods of a container, a workload or a namespace ask for, and what they would. CPU in thousandths of a core, memory in bytes. */
export interface SizeRow {
  namespace: string;
  /** The kind's group: another group's kind of the same name is another. Empty for a namespace's line. */
  group: string;
  kind: string;
  name: string;
  step: string;
  container: string;
  /** Containers, and those of them with a recommendation. */
  containers: number;
  recommended: number;
  /** That there are now. */
  pods: number;
  /** Of one pod where the line is a container's, else of all pods. */
  cpu: number;
  memory: number;
  /** The same by the recommendations; what has none counts as it is. */
  cpuTarget: number;
  memoryTarget: number;
  /** What all pods would ask for less; below nothing, more. */
  cpuSaved: number;
  memorySaved: number;
  /** The least of its containers'; in percent. */
  confidence: number;
  samples: number;
  oomKills: number;
  /** What the recommendations' reasons are; of several containers, each once. */
  reasons: string[];
  /** Autoscalers for which not all is applied, as in `HorizontalPodAutoscaler/web (cpu)`; each once. */
  heldBy: string[];
  /** What is saved costs so much an hour; undefined: it wasn't asked for. */
  saved: Money | undefined;
}

/** The lines of what policies recommend. */
export function rowsOf(policies: readonly RightSizingPolicy[], by: By, rates: Rates | undefined): SizeRow[] {
  const entries = policies.flatMap(({ metadata, status }) =>
    (status?.recommendations ?? []).map((one) => ({ namespace: metadata.namespace ?? "", one })),
  );
  // What one policy has taken over from another may still stand in both: whose it is has its pods.
  const containers = [...Map.groupBy(entries, ({ namespace, one }) => placeOf(rowOf(namespace, one, by))).values()]
    .map((some) => some.reduce((a, b) => (b.one.pods > a.one.pods ? b : a)))
    .map(({ namespace, one }) => rowOf(namespace, one, by));
  // The containers of a pod stand beside each other.
  const rows = folded(by === "container" ? containers : containers.map((row) => ({ ...row, container: "" })), Math.max);
  const found =
    by === "namespace"
      ? folded(
          rows.map((row) => ({ ...row, group: "", kind: "", name: "", step: "" })),
          (a, b) => a + b,
        )
      : rows;
  return found.map((row) => ({ ...row, saved: rates && moneyOf(row, rates) })).toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

/** One row for all of a place. */
function folded(rows: readonly SizeRow[], pods: (a: number, b: number) => number): SizeRow[] {
  return [...Map.groupBy(rows, placeOf).values()].map((some) => some.reduce((a, b) => ({ ...together(a, b), pods: pods(a.pods, b.pods) })));
}

function rowOf(namespace: string, one: Recommendation, by: By): SizeRow {
  const { current, target = {}, pods } = one;
  const now = { cpu: milliOfNano(nanoOf(current.cpu)), memory: valueOfNano(nanoOf(current.memory)) };
  const next = {
    cpu: target.cpu === undefined ? now.cpu : milliOfNano(nanoOf(target.cpu)),
    memory: target.memory === undefined ? now.memory : valueOfNano(nanoOf(target.memory)),
  };
  const times = by === "container" ? 1 : pods;
  return {
    namespace,
    group: groupOf(one.apiVersion),
    kind: one.kind,
    name: one.name,
    step: one.step ?? "",
    container: one.container,
    containers: 1,
    recommended: one.target === undefined ? 0 : 1,
    pods,
    cpu: times * now.cpu,
    memory: times * now.memory,
    cpuTarget: times * next.cpu,
    memoryTarget: times * next.memory,
    cpuSaved: pods * (now.cpu - next.cpu),
    memorySaved: pods * (now.memory - next.memory),
    confidence: one.confidence,
    samples: one.samples,
    oomKills: one.oomKills ?? 0,
    reasons: [one.reason],
    heldBy: (one.heldBy ?? []).map(({ kind, name, resources }) => `${kind}/${name} (${resources.join(", ")})`),
    saved: undefined,
  };
}

/** Of a status, which others may have written, too: what is no quantity counts as nothing. */
function nanoOf(quantity: string | undefined): bigint {
  return parseQuantity(quantity ?? "") ?? 0n;
}

function together(a: SizeRow, b: SizeRow): SizeRow {
  const sum = (
    key:
      "containers" | "recommended" | "cpu" | "memory" | "cpuTarget" | "memoryTarget" | "cpuSaved" | "memorySaved" | "samples" | "oomKills",
  ): number => a[key] + b[key];
  return {
    ...a,
    containers: sum("containers"),
    recommended: sum("recommended"),
    cpu: sum("cpu"),
    memory: sum("memory"),
    cpuTarget: sum("cpuTarget"),
    memoryTarget: sum("memoryTarget"),
    cpuSaved: sum("cpuSaved"),
    memorySaved: sum("memorySaved"),
    confidence: Math.min(a.confidence, b.confidence),
    samples: sum("samples"),
    oomKills: sum("oomKills"),
    reasons: [...new Set([...a.reasons, ...b.reasons])],
    heldBy: [...new Set([...a.heldBy, ...b.heldBy])],
  };
}

function moneyOf({ cpuSaved, memorySaved }: SizeRow, { cpu, memory }: Rates): Money {
  return Math.round((cpuSaved / 1_000) * cpu + (memorySaved / 1024 ** 3) * memory);
}

function placeOf({ namespace, kind, name, step, container, group }: SizeRow): string {
  return [namespace, kind, name, step, group, container].join("\n");
}

/** What a number of money is in the currency's units. */
export function units(money: Money | undefined): number | undefined {
  return money === undefined ? undefined : money / unit;
}
