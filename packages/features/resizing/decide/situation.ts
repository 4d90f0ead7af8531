import type { RightSizingPolicy } from "@plimsoll/api";
import type { Budget } from "@plimsoll/model";
import type { ResizablePod } from "../observe/pod.ts";
import type { Template } from "../observe/template.ts";
import type { Change } from "./change.ts";
import type { ContainerChange } from "./next.ts";
import type { Wanted } from "./wanted.ts";

/** A workload as it stands. */
export interface Situation {
  /** As in `Deployment/web`. */
  title: string;
  /** What that is, as an object. */
  about: { apiVersion: string; kind: string; name: string };
  /** Also those that have ended. */
  pods: readonly ResizablePod[];
  /** Undefined: it has none that could be changed. */
  template: Template | undefined;
  /** By container, the key of its changes, and what is recommended for it, as far as that is sure enough; upOnly: nothing of that is lowered. */
  advice: ReadonlyMap<string, { key: string; wanted: Wanted | undefined; upOnly?: boolean }>;
  /** By container, its last change. */
  changes: ReadonlyMap<string, Change>;
  /** Those over its pods. */
  budgets: readonly Budget[];
  /** By the UIDs of pods and of the template, why the API server has refused to change one of late, and until when that counts. */
  refused: ReadonlyMap<string, { message: string; until: number }>;
}

/** What holds for all workloads of a policy. Times are in milliseconds. */
export interface Rules {
  mode: NonNullable<RightSizingPolicy["spec"]["mode"]>;
  minChange: number;
  downOnly: boolean;
  respectBudgets: boolean;
  /** What keeps anything from being changed now, as that its windows are closed; undefined: nothing. */
  closed: string | undefined;
  settle: number;
  watch: number;
  /** How long a roll-out that Kubernetes sets no deadline may make no progress. */
  progress: number;
  hold: number;
}

/** A pod that is to be resized. */
export interface Resize {
  pod: ResizablePod;
  containers: readonly ContainerChange[];
}

/** What is to be done about a workload. Changes are written before anything is done. */
export interface WorkloadDecision {
  /** By container, all that there are then. */
  changes: ReadonlyMap<string, Change>;
  resizes: readonly Resize[];
  template?: { template: Template; containers: readonly ContainerChange[] };
  /** What is in the way. */
  hindrances: readonly string[];
  /** When there is something to be done without anything having changed; Infinity: never. */
  wakeAt: number;
}

/** What a container is to ask for now, and whether nothing of it may be lowered. */
export type WantedOf = (container: string) => { wanted: Wanted; upOnly: boolean } | undefined;

/** What one way of changing requests comes to: the changes that begin by it, and the rest of the decision. */
export type Applied = Omit<WorkloadDecision, "changes"> & { begun: readonly { container: string; change: Change }[] };
