import type { InventoryEntry, WorkloadSet } from "@plimsoll/api";
import { isWell, type HealthState } from "../../health.ts";
import type { Desired } from "../objects/desired.ts";
import type { Live } from "../objects/live.ts";
import { keyOf } from "../objects/ref.ts";
import { standingOf, type Standing } from "./standing.ts";

/** What is known of a set while it is worked on. */
export interface Known {
  setUid: string;
  desired: readonly Desired[];
  /** The inventory, by the objects' keys. */
  entries: ReadonlyMap<string, InventoryEntry>;
  /** What is there, by key. */
  live: (key: string) => Live | undefined;
  healthOf: (live: Live) => HealthState;
  driftPolicy: NonNullable<WorkloadSet["spec"]["driftPolicy"]>;
  isSuspended: boolean;
  /** The keys of what could not be done in this round, or is given time: not tried again in it. */
  held: ReadonlySet<string>;
}

/** An object, and how it is. */
export interface Stood {
  desired: Desired;
  standing: Standing;
}

/** What is to be done next; when nothing is, what there is to tell. */
export interface Plan {
  stood: readonly Stood[];
  /** To be applied now, in any order. */
  apply: readonly Stood[];
  /** What waits, and for whom. */
  waiting: ReadonlyMap<string, readonly string[]>;
  /** What others have changed or deleted. */
  drifted: readonly Stood[];
  /** Entries that the set doesn't list any more, once all that it lists is applied. */
  prune: readonly InventoryEntry[];
}

/** Decides for one set: a function of what is known alone. */
export function plan(known: Known): Plan {
  const { setUid, desired, entries, live, driftPolicy, isSuspended, held } = known;
  const stood = desired.map((one): Stood => ({ desired: one, standing: standingOf(one, entries.get(one.key), live(one.key), setUid) }));
  const drifted = driftPolicy === "ignore" ? [] : stood.filter(({ standing }) => standing === "drifted" || standing === "missing");
  const lacking = isSuspended ? [] : stood.filter(({ standing }) => isLacking(standing, driftPolicy));
  const { apply, waiting } = turns(lacking, known);
  const wanted = new Set(desired.map(({ key }) => key));
  const isDone = lacking.length === 0 && !isSuspended;
  return {
    stood,
    apply,
    waiting,
    drifted,
    prune: isDone ? [...entries.values()].filter((entry) => !wanted.has(keyOf(entry)) && !held.has(keyOf(entry))) : [],
  };
}

/** Whether something has still to be done for the object to be as the set says. */
export function isLacking(standing: Standing, driftPolicy: Known["driftPolicy"]): boolean {
  if (standing === "drifted" || standing === "missing") return driftPolicy === "correct";
  return standing !== "current" && standing !== "over";
}

/** Those whose turn it is, and what the others wait for. */
function turns(lacking: readonly Stood[], known: Known): Pick<Plan, "apply" | "waiting"> {
  const { held } = known;
  const first = Math.min(...lacking.map(({ desired }) => desired.rank));
  const waiting = new Map<string, readonly string[]>();
  const apply: Stood[] = [];
  for (const one of lacking) {
    const { key, rank, needs } = one.desired;
    const unmet = needs.filter((need) => !isMet(need, lacking, known));
    const earlier = rank > first ? lacking.flatMap(({ desired }) => (desired.rank < rank ? [desired.key] : [])) : [];
    if (unmet.length + earlier.length > 0) waiting.set(key, [...new Set([...unmet, ...earlier])]);
    else if (!held.has(key) && one.standing !== "ending") apply.push(one);
  }
  return { apply, waiting };
}

/** Whether what an object needs is applied, and well. */
function isMet(key: string, lacking: readonly Stood[], { entries, live, healthOf }: Known): boolean {
  if (lacking.some(({ desired }) => desired.key === key)) return false;
  const found = live(key);
  if (found !== undefined) return isWell(healthOf(found));
  return entries.get(key)?.health === "Succeeded";
}
