import { topologicalOrder, type Step } from "@plimsoll/api";
import { needsOf } from "@plimsoll/features/pipelines";

/** Stems are drawn for so many levels: more would push names off the screen. */
const deepest = 20;

/** A step with its place in the tree. */
export interface TreeRow {
  step: Step;
  indent: string;
  /** Deeper than stems are drawn: what it stands under can't be seen. */
  deep: boolean;
  /** Those needs that the tree doesn't show. */
  needs: readonly string[];
  /** What else is to be said of its place. */
  note?: string | undefined;
}

/** Steps in tree order. Unknown needs and cycles, which the controller refuses, leave their steps at the root. */
export function treeRows(steps: readonly Step[]): TreeRow[] {
  const parents = parentsOf(steps);
  const children = new Map<number | undefined, number[]>();
  for (const [index, parent] of parents.entries()) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(index);
    else children.set(parent, [index]);
  }

  const rows: TreeRow[] = [];
  const stack: { index: number; level: number; stem: string; last: boolean }[] = [];
  const pushAll = (parent: number | undefined, level: number, stem: string): void => {
    const siblings = children.get(parent) ?? [];
    for (const [place, index] of siblings.toReversed().entries()) stack.push({ index, level, stem, last: place === 0 });
  };
  pushAll(undefined, 0, "");
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { index, level, stem, last } = next;
    const step = steps[index];
    if (step === undefined) continue;
    const parent = steps[parents[index] ?? -1]?.name;
    const deep = level > deepest;
    const branch = level === 0 ? "" : deep ? "⋯ " : last ? "└─" : "├─";
    rows.push({ step, indent: `${stem}${branch}`, deep, needs: (step.needs ?? []).filter((need) => deep || need !== parent) });
    pushAll(index, level + 1, level === 0 || level >= deepest ? stem : `${stem}${last ? "  " : "│ "}`);
  }
  return rows;
}

/** Under which step each is drawn: that of its needs which lies deepest. */
function parentsOf(steps: readonly Step[]): (number | undefined)[] {
  const places = new Map(steps.map((step, index) => [step.name, index]));
  const names = [...places.keys()];
  const needs = steps.map((step) => needsOf(step, names).flatMap((name) => places.get(name) ?? []));
  const depths = new Map<number, number>();
  const parents: (number | undefined)[] = steps.map(() => undefined);
  for (const index of topologicalOrder(needs)) {
    let depth = 0;
    for (const need of needs[index] ?? []) {
      const below = 1 + (depths.get(need) ?? 0);
      if (below > depth) [depth, parents[index]] = [below, need];
    }
    depths.set(index, depth);
  }
  return parents;
}
