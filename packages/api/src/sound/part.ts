import type * as z from "zod";
import { formatPath, valueAt, type Path } from "../problems/path.ts";
import type { Found } from "../problems/found.ts";
import { readBy } from "../problems/issues.ts";
import { type Problem } from "../problems/problem.ts";
import { entriesTakenFrom, type Entries } from "./entries.ts";
import { Known, prefixesOf, type Gone } from "./known.ts";
import { standIn } from "./stand-in.ts";

/** What can be read of an object in which something is wrong. */
export interface Sound<T> {
  object: T;
  /** What its schema finds wrong with it. */
  problems: readonly Found[];
  /** Of problems that are found in it those of what the user has written, where that stands, without what follows from what is known to be wrong. */
  theirs: <P extends Problem>(found: readonly P[]) => P[];
  /** Where something stands in what the user has written. */
  placeOf: (path: Path) => Path;
}

/** Where what is read field by field stands in objects of a kind: of those that run one, the pipeline. */
const bodyAt: Readonly<Record<string, Path>> = {
  Pipeline: ["spec"],
  PipelineRun: ["spec", "pipeline"],
  PipelineSchedule: ["spec", "template", "spec", "pipeline"],
  RightSizingPolicy: ["spec"],
};

/** After so many rounds something is wrong that takes a look by itself. */
const mostRounds = 10;

/** An object as its schema reads it; or what can be read of it, where that is something, and what the schema finds wrong with it. */
export type Readable<T> = { object: T } | { part?: Sound<T>; problems: readonly Found[] };

/** Reads an object of a kind by its schema, as far as that goes. */
export function readSound<S extends z.ZodType>(kind: string, schema: S, value: object): Readable<z.output<S>> {
  const read = readBy(schema, value);
  if ("value" in read) return { object: read.value };
  const part = soundPartOf(kind, schema, value, read.problems);
  return part === undefined ? read : { part, problems: part.problems };
}

/**
 * An object without those of its fields that are wrong, or with something harmless in their place: so that what is wrong with the others is told,
 * too. Undefined where nothing is left.
 */
function soundPartOf<S extends z.ZodType>(
  kind: string,
  schema: S,
  value: object,
  problems: readonly Found[],
): Sound<z.output<S>> | undefined {
  const at = bodyAt[kind];
  if (at === undefined) return undefined;
  const copy = structuredClone(value);
  const entries = entriesTakenFrom(copy);
  const { placeOf } = entries;
  const known = new Known(at);
  const theirs = <P extends Problem>(found: readonly P[]): P[] =>
    found.map((problem) => ({ ...problem, path: placeOf(problem.path) })).filter((problem) => !known.isFollowing(problem));
  let latest: readonly Found[] = problems;
  for (let round = 0; round < mostRounds; round += 1) {
    const wrong = latest.filter((problem) => !isRule(problem));
    const takenNow = new Set<string>();
    for (const problem of wrong) {
      // It is gone with another of this round.
      if (prefixesOf(problem.path).some((place) => takenNow.has(place))) continue;
      const gone = takeOut(copy, problem, { entries, at, known });
      if (gone === undefined) return undefined;
      known.takeOut(gone);
      takenNow.add(formatPath(gone.path));
    }
    if (round === 0)
      for (const problem of problems)
        if (!isRule(problem) || !(known.isGone(problem.path) || known.hangsOnGone(problem))) known.tell(problem);
    const read = readBy(schema, copy);
    const found = "problems" in read ? read.problems : [];
    latest = found.map((problem) => ({ ...problem, path: placeOf(problem.path) }));
    for (const problem of theirs(found)) known.tell(problem);
    const more = { problems: known.problems, theirs, placeOf };
    if ("value" in read) return { object: read.value, ...more };
    // But for its rules, it is one of its schema's.
    if (latest.every(isRule)) return { object: copy as z.output<S>, ...more };
  }
  return undefined;
}

/** Whether only fields that can be read by themselves don't go together; a patch is carried out as a whole, or not. */
function isRule({ path, by }: Problem): boolean {
  return by !== undefined && !path.includes("patch");
}

/** Takes what is wrong out, or what holds it where it has to be there; gives what was. Undefined where it can't be done. */
function takeOut(copy: object, problem: Found, { entries, at, known }: { entries: Entries; at: Path; known: Known }): Gone | undefined {
  const { path } = problem;
  const patch = path.indexOf("patch");
  for (let place = patch < 0 ? path : path.slice(0, patch + 1); place.length > 0; place = place.slice(0, -1)) {
    const now = entries.nowAt(place);
    // It was in an entry of a list that is gone since an earlier round.
    if (now === undefined) return { ...problem, path: place, was: undefined };
    if (known.isGone(place)) continue;
    const was = valueAt(copy, now);
    const text = formatPath(place);
    const other = text === "metadata" ? {} : place.length > at.length ? standIn(place.slice(at.length), was) : undefined;
    if (other === undefined && was === undefined) continue;
    if (text === "spec") return undefined;
    return entries.replace(place, other) ? { ...problem, path: place, was } : undefined;
  }
  return undefined;
}
