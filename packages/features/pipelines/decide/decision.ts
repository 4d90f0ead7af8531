import type { EndedTry, Problem, SizedTry, StepStatus } from "@plimsoll/api";
import type { StepTry, Use } from "@plimsoll/model/sizing";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { RunIdentity } from "../step/labels.ts";
import type { Outputs } from "../step/outputs.ts";
import type { TryView } from "../step/kind.ts";
import type { StepObject } from "../step/manifest/stored.ts";
import type { Blocked } from "./blocked.ts";
import type { StepPods } from "./step-pods.ts";

/** What is known of the cluster. */
export interface Observed {
  /** Steps of which there is news, or whose time to be looked at has come. */
  due: Iterable<number>;
  pods: (step: number) => StepPods | undefined;
  /** What kept a step's objects from being created the last time. */
  blocked: (step: number) => Blocked | undefined;
  /** How earlier tries of a class of a step went, oldest first. */
  tries: (step: number, name: string | undefined) => readonly StepTry[];
  /** What a pod was seen to use, by its UID. */
  use: (uid: string) => Use | undefined;
}

/** What a run is told from outside. Times are in milliseconds since 1970. */
export interface Control {
  run: RunIdentity & { labels?: Readonly<Record<string, string>>; annotations?: Readonly<Record<string, string>> };
  now: number;
  startedAt: number;
  cancel: boolean;
  /** How many bytes all outputs together may take: the run has to fit into etcd. */
  outputLimit: number;
  /** Why the run can't go on, whatever its steps do. */
  failure?: string | undefined;
}

/** Of an item that has not ended: what its tries have come to so far. */
export interface Retry {
  /** Tries that have ended. */
  tries: number;
  /** How many of them count against the limit. */
  failures: number;
  outOfMemory: number;
  /** What the next asks for at least, in bytes, as the last was killed for want of memory. */
  memory?: number | undefined;
  /** When the next is due, in milliseconds since 1970; undefined once it has been made. */
  retryAt: number | undefined;
}

/** What changes of a step that goes on. */
export interface StepChange {
  items: readonly unknown[] | undefined;
  succeeded: Map<number, Outputs>;
  failed: Set<number>;
  retries: Map<number, Retry>;
  tries: EndedTry[];
  /** Items whose try is there already, though the status doesn't say so yet. */
  adopted: number[];
  /** So many of the items are known to render. */
  checked: number;
  /** What the step waits for. */
  message: string | undefined;
  /** Whether the step's entry in the status changes. */
  isVisible: boolean;
}

/** A try of a step with resources.auto that has ended: the next ones go by it. */
export interface Tried {
  step: number;
  tried: SizedTry;
}

/** A try to create. */
export interface Creation {
  step: number;
  item: number;
  try: number;
  object: Pod | StepObject;
  /** Of what kind the object is, as in `batch/v1 Job`; undefined: it is a pod. */
  kind?: string;
}

/** A try that should be there, and was not seen: whether it is, the API server has to say. */
export type Missing = Pick<Creation, "step" | "item" | "try">;

export interface End {
  phase: "Succeeded" | "Failed" | "Cancelled";
  message?: string | undefined;
}

/** What to do now, and what has been found. A decision is data: neither what carries it out nor what applies it changes it. */
export interface Decision {
  create: readonly Creation[];
  confirm: readonly Missing[];
  remove: readonly TryView[];
  /** Steps that start. */
  started: ReadonlyMap<number, { startedAt: string; items: readonly unknown[] }>;
  /** Steps that go on. */
  changes: ReadonlyMap<number, StepChange>;
  /** What is to be remembered of tries that have ended. */
  tried: readonly Tried[];
  /** Steps that end. */
  ended: ReadonlyMap<number, StepStatus>;
  /** The versions of the pods by which steps were judged. */
  judged: ReadonlyMap<number, number>;
  /** Mistakes of the pipeline that showed only now. */
  problems: readonly Problem[];
  /** Whether something waits for what has ended to be written to the status. */
  record: boolean;
  /** When steps are to be looked at even if nothing changes. */
  wakes: ReadonlyMap<number, number>;
  /** When to decide again even if nothing changes. */
  wakeAt: number | undefined;
  /** What all steps but those of `finally` have come to. */
  outcome: End | undefined;
  end: End | undefined;
  /** Whether what ran was ended before its steps had come to their ends. */
  isStopped: boolean;
}

/** What has come of carrying a decision out. */
export interface Outcome {
  made: ReadonlySet<Creation>;
  /** Steps that the API server refuses for good, with its words. */
  refused: ReadonlyMap<number, string>;
  /** Steps of which not all could be created for now, with why. */
  blocked: ReadonlyMap<number, string>;
  /** Steps that were not tried, as too many before them were blocked. */
  deferred: ReadonlyMap<number, string>;
}
