import { closest, findCycle, formatPath, topologicalOrder, type Path, type Problem, type Step } from "@plimsoll/api";

/** After so many the rest isn't looked for: each costs a search for the name that was meant. */
const mostProblems = 50;

/** A step, where it stands, and whether it is one of `finally`. */
export interface Placed {
  spec: Step;
  at: Path;
  isFinal: boolean;
}

/** The names of the steps that a step needs: those that begin so, where it says no more than that. */
export function needsOf({ name, needs = [] }: Pick<Step, "name" | "needs">, names: readonly string[]): string[] {
  const all = new Set<string>();
  for (const need of needs)
    if (!need.endsWith("*")) all.add(need);
    else for (const other of names) if (other !== name && other.startsWith(need.slice(0, -1))) all.add(other);
  return [...all];
}

/** What is wrong with the steps' names and needs. */
export function checkNeeds(steps: readonly Placed[]): Problem[] {
  const places = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [index, { spec, at }] of steps.entries()) {
    const first = steps[places.get(spec.name) ?? -1];
    if (first === undefined) places.set(spec.name, index);
    else
      problems.push({
        path: [...at, "name"],
        message: `"${spec.name}" is the name of ${formatPath(first.at)} already: give each step its own`,
      });
  }
  for (const { spec, at, isFinal } of steps) {
    if (problems.length >= mostProblems) break;
    for (const [place, need] of (spec.needs ?? []).entries()) {
      const needed = steps[places.get(need) ?? -1];
      if (needed?.isFinal === isFinal) continue;
      const path = [...at, "needs", place];
      if (need.endsWith("*")) {
        const begin = need.slice(0, -1);
        if (!steps.some((other) => other.spec !== spec && other.isFinal === isFinal && other.spec.name.startsWith(begin)))
          problems.push({ path, message: `no other step's name begins with "${begin}": correct it, or take it out`, by: ["name"] });
        continue;
      }
      if (needed === undefined)
        problems.push({ path, message: `there is no step "${need}"${closest(need, [...places.keys()])}`, by: ["name"] });
      else if (isFinal)
        problems.push({
          path,
          message: `"${need}" has ended before any step of finally starts: leave it out; expressions can name it all the same`,
        });
      else problems.push({ path, message: `"${need}" is one of finally, which start when all others have ended: leave it out` });
    }
  }
  return problems.length > 0 ? problems : checkCycle(steps);
}

/** For each step the places of those that it needs, of its own kind: `finally` or not. What isn't there is left out. */
export function placesOfNeeds(steps: readonly Placed[]): number[][] {
  const places = new Map(steps.map(({ spec }, index) => [spec.name, index]));
  const [main, last] = [false, true].map((isFinal) => steps.filter((step) => step.isFinal === isFinal).map(({ spec }) => spec.name));
  return steps.map(({ spec, isFinal }) => needsOf(spec, (isFinal ? last : main) ?? []).flatMap((need) => places.get(need) ?? []));
}

function checkCycle(steps: readonly Placed[]): Problem[] {
  const cycle = findCycle(placesOfNeeds(steps));
  if (cycle === undefined) return [];
  const [first = 0] = cycle;
  const circle = [...cycle, first].map((index) => steps[index]?.spec.name).join(" → ");
  const path = [...(steps[first]?.at ?? []), "needs"];
  return [{ path, message: `the steps need each other in a circle: ${circle}; take one of these needs out` }];
}

/** Tells whether a step needs another, itself or through others. Worked out where it is asked for: most steps name their needs alone. */
export function ancestorsOf(needs: readonly (readonly number[])[]): (step: number, other: number) => boolean {
  const depths = new Map<number, number>();
  for (const index of topologicalOrder(needs))
    depths.set(index, 1 + Math.max(-1, ...(needs[index] ?? []).map((need) => depths.get(need) ?? 0)));
  return (step, other) => {
    const depth = depths.get(other) ?? 0;
    const seen = new Set<number>();
    const stack = [...(needs[step] ?? [])];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (at === other) return true;
      if (seen.has(at) || (depths.get(at) ?? 0) <= depth) continue;
      seen.add(at);
      stack.push(...(needs[at] ?? []));
    }
    return false;
  };
}
