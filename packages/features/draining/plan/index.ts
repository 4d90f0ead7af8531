import type { Cluster } from "@plimsoll/model";
import type { DrainPlan, Eviction } from "./plan.ts";
import type { DrainRequest } from "./request.ts";

export type { DrainPlan, Eviction, Surge, Verdict } from "./plan.ts";
export type { DrainPolicy, DrainRequest, NodesToDrain } from "./request.ts";

/** What may be done now to drain nodes, and what becomes of each of their pods. The cluster is left as it was. */
export declare function planDrain(request: DrainRequest): DrainPlan;

/** Whether an eviction that was accepted needs no room kept any more: its pod is gone, and its successor has come or won't. */
export declare function isOver(eviction: Eviction, cluster: Cluster, now: number): boolean;

/** The waves in which nodes would be drained if every successor came up at once where it was planned. What is left in the last plan never goes. */
export declare function rehearse(request: DrainRequest): DrainPlan[];

/** A verdict in words. */
export declare function explain(verdict: import("./plan.ts").Verdict): string;
