import type { Reason, Step } from "@plimsoll/api";
import type { Given } from "../sizing/given.ts";
import type { Outputs } from "./outputs.ts";

/** One try of an item as the cluster has it: what is kept of its object. */
export interface TryView {
  namespace: string;
  name: string;
  uid: string;
  /** The run that it belongs to, by the object's controller; both empty for what is no run's. */
  run: string;
  runUid: string;
  step: string;
  /** 0 for a step that runs once. */
  item: number;
  try: number;
  /** What it was given, where its step has resources.auto. */
  given?: Given;
  /** RFC 3339. */
  createdAt: string;
  /** The steps that had ended by its creation, and were not yet in the run's status: their entries by name, as JSON. */
  record?: string;
  state: TryState;
  /** Of what kind its object is, as in `batch/v1 Job`; undefined: it is a pod. */
  kind?: string;
  /** The object itself, where its step says when it has come to its end: until then, its state isn't known. */
  object?: object;
  /** Whether its object stays, or may, when it has ended. */
  mayStay?: boolean;
  /** Whether somebody has deleted it, though it is still there. */
  deleting: boolean;
}

export interface Failure {
  reason: Reason;
  exitCode?: number;
  message: string;
}

export type TryState =
  | {
      phase: "active";
      /** Whether it has found a node: before, it weighs on the scheduler alone. */
      placed: boolean;
      /** Whether its program has begun. */
      began: boolean;
      /** What keeps it from beginning, though it should have begun. */
      waiting?: string;
      /** Since when it has been on its way to begin, without a reason; milliseconds since 1970. */
      startingSince?: number;
      /** Since when it should be gone, but nobody has confirmed that; milliseconds since 1970. */
      overdueSince?: number;
      /** By what it is being ended from outside. */
      disrupted?: Failure;
      /** Where it runs. */
      node?: string;
    }
  | {
      phase: "succeeded";
      /** What it wrote, and how many bytes of that are kept. */
      written: { text: string; limit: number };
      /** Where it ended because it was told to end: by what. */
      cutOff?: Failure;
    }
  | {
      phase: "succeeded";
      /** What was read from its object. */
      outputs: Outputs;
      cutOff?: undefined;
    }
  | { phase: "failed"; failure: Failure };

export type Verdict = { is: "active" } | { is: "succeeded"; outputs: Outputs } | ({ is: "failed" } & Failure);

/**
 * A kind of step: what its tries are made of, and how they are read. All kinds pass the cases in kind.cases.ts.
 * A kind may be another feature's, with a client of its own.
 */
export interface StepKind<Source, Made, Seen> {
  /** What stands in messages, as in "its pod was deleted". */
  readonly noun: string;
  /** The object of one try. Pure: the same source gives the same object. Throws a TemplateError where an expression has no value. */
  object: (source: Source) => Made;
  /** What is kept of an object; undefined for one that no step has made. */
  view: (object: Seen) => TryView | undefined;
  /** A try as its step sees it: whether it has ended may be the step's to say. */
  judged: (view: TryView, step: Step) => TryView;
  /** What a try has come to. */
  verdict: (state: TryState, step: Step) => Verdict;
  /** What a try has come to whose object is gone: `last` is the last that was seen of it, undefined where it was never seen. */
  lost: (last: TryView | undefined, step: Step) => Verdict;
}
