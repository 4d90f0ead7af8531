import type * as z from "zod";
import type { Path } from "./path.ts";
import { readBy, type Problem } from "./problem.ts";
import { placeholderOf } from "./step.ts";

/** What can be read of an object in which something is wrong. */
export interface Sound<T> {
  object: T;
  /** What else its schema finds wrong with it. */
  problems: Problem[];
  /** Whether a problem that is found in it is one of what the user has written, and not of what stands for it. */
  isTheirs: (problem: Problem) => boolean;
}

/** Where the pipeline stands in objects of a kind. */
const pipelineAt: Readonly<Record<string, Path>> = { Pipeline: ["spec"], PipelineRun: ["spec", "pipeline"] };

/** What else is wrong where these are can't be told from what follows from it. */
const decisive = new Set(["apiVersion", "kind", "metadata", "spec", "pipeline", "pipelineRef", "params", "steps", "finally"]);

/** After so many rounds something is wrong that takes a look by itself. */
const mostRounds = 5;

/**
 * The parts of a pipeline that are well-formed, with placeholders for steps that aren't, and without such fields: so that what is wrong with the
 * former is told, too. Undefined where that would not be sound.
 */
export function soundPartOf<S extends z.ZodType>(
  kind: string,
  schema: S,
  value: object,
  problems: readonly Problem[],
): Sound<z.output<S>> | undefined {
  const at = pipelineAt[kind];
  if (at === undefined) return undefined;
  const copy = structuredClone(value);
  const replaced: Path[] = [];
  const more: Problem[] = [];
  // What a pod says that isn't read may be what a step wants.
  let isPodKnown = true;
  let wrong = problems;
  for (let round = 0; round < mostRounds; round += 1) {
    for (const { path } of wrong) {
      const place = placeIn(path, at);
      if (place === undefined || !replace(copy, place)) return undefined;
      if (["pod", "workspace"].includes(String(place[at.length]))) isPodKnown = false;
      replaced.push(place);
    }
    const read = readBy(schema, copy);
    const isTheirs = ({ path, rule = "field" }: Problem): boolean =>
      !replaced.some((place) => startsWith(path, place)) && (isPodKnown || (rule !== "field" && rule !== "pod"));
    if ("value" in read) return { object: read.value, problems: more, isTheirs };
    wrong = read.problems.filter(({ path }) => !replaced.some((place) => startsWith(path, place)));
    if (wrong.length === 0) return undefined;
    more.push(...wrong.filter(isTheirs));
  }
  return undefined;
}

/** What has to go where something is wrong at a path: the step that it is in, or the field. */
function placeIn(path: Path, at: Path): Path | undefined {
  const [list, index] = path.slice(at.length);
  const isInside = startsWith(path, at);
  if (isInside && (list === "steps" || list === "finally") && typeof index === "number") return path.slice(0, at.length + 2);
  const place = isInside ? path.slice(0, at.length + 1) : path.slice(0, 2);
  return place.length === 0 || decisive.has(String(place.at(-1))) ? undefined : place;
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}

/** Puts a placeholder in a step's place, and takes any other field out. False where that can't be done. */
function replace(value: object, place: Path): boolean {
  const holder = place.slice(0, -1).reduce<unknown>((part, key) => (isObject(part) ? Reflect.get(part, key) : undefined), value);
  const key = place.at(-1) ?? "";
  if (!isObject(holder)) return false;
  if (typeof key === "string") return Reflect.deleteProperty(holder, key);
  const placeholder = placeholderOf(Reflect.get(holder, key), key);
  return placeholder !== undefined && Reflect.set(holder, key, placeholder);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
