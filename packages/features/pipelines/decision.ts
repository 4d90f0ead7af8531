import type { Problem, StepStatus } from "@plimsoll/api";
import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import type { Hindrance } from "./hindrance.ts";
import type { Tally } from "./tally.ts";

/** A step that has been started: its items, and which of them have a Job. */
export interface Started {
  /** `[undefined]` for a step that runs once. */
  items: readonly unknown[];
  /** Items before this one have got their Jobs (all of them, but where parallelism limits Jobs). */
  next: number;
}

/** What is known of the cluster: each step's tally, if it has any Job or pod. */
export interface Observed {
  tally: (step: string) => Tally | undefined;
  /** Every tally of the run, by the step's name, for the end of all. */
  tallies: () => Iterable<[string, Tally]>;
  /** What kept a step's Jobs from being created the last time. */
  hindrance: (step: number) => Hindrance | undefined;
}

/** What a run is told from outside. Times are in milliseconds since 1970. */
export interface Control {
  run: { name: string; namespace: string; uid: string };
  now: number;
  startedAt: number;
  cancel: boolean;
}

/** A Job to create, after the ConfigMaps that its pods mount. */
export interface Creation {
  step: number;
  configMaps: ConfigMap[];
  job: Job;
}

/** What to do now, and what the run's status becomes when it has been done. */
export interface Decision {
  create: Creation[];
  /** Steps whose Job is complete though pods of theirs were never seen: their pods are to be listed and told to the tally. */
  confirm: number[];
  /** Names of Jobs to delete. */
  remove: string[];
  /** The entries that change. */
  entries: Map<number, StepStatus>;
  started: Map<number, Started>;
  /** The versions of the tallies by which steps were judged: they need no look until there is another. */
  judged: Map<number, number>;
  /** Mistakes of the pipeline that showed only now. */
  problems: Problem[];
  /** When to decide again even if nothing changes; milliseconds since 1970. */
  wakeAt: number | undefined;
  end: { phase: "Succeeded" | "Failed" | "Cancelled"; message: string | undefined } | undefined;
}

/** Steps of which not all Jobs could be created, each with why: those that the API server refuses for good, those that have to wait, and those left untried. */
export interface Shortfall {
  refused: Map<number, string>;
  hindered: Map<number, string>;
  untried: Map<number, string>;
}
