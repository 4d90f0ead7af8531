import * as z from "zod";
import { conditionsSchema } from "./condition.ts";
import { crd, time } from "../schema/field.ts";

const blocker = z.strictObject({
  pod: z.string().describe("The pod, as in namespace/name."),
  reason: z
    .enum(["Unmanaged", "LocalData", "ManyBudgets", "NoScale", "ZeroBudget", "Budget", "NoNode", "Refused", "Returned", "Surge", "Stuck"])
    .describe(
      "Unmanaged: nothing would make it again. LocalData: its emptyDir volumes would go with it. ManyBudgets: Kubernetes evicts no pod of several PodDisruptionBudgets. NoScale: its budget needs to know how many pods there should be, and nothing can say. ZeroBudget: its budget allows none to be missing. Budget: its budget wants as many as there are. NoNode: it would find no node. Refused: the API server refuses its eviction. Returned: it was made again on the node though that is cordoned. Surge: its workload's further replica isn't ready. Stuck: it was told to end, and its time is over.",
    ),
  message: z.string().describe("The same in words, with the way out."),
});

/** What keeps a pod on its node. */
export type Blocker = z.infer<typeof blocker>;

const node = z.strictObject({
  name: z.string().describe("The node's name."),
  phase: z
    .enum(["Waiting", "Draining", "Blocked", "Drained", "Gone", "Released"])
    .describe(
      "Waiting: its turn hasn't come, or its Jobs are given time to end. Blocked: some pods can't go unless something is changed. Gone: there is no such node any more. Released: somebody has uncordoned it, and it is left alone.",
    ),
  pods: z.int().optional().describe("How many pods had to go when it was looked at first."),
  left: z.int().optional().describe("How many pods have still to go."),
  startedAt: time.optional().describe("When its turn had come and no pod of it was given time to end; from then on its timeout counts."),
  finishedAt: time.optional().describe("When its last pod had gone."),
  message: z.string().optional().describe("What its pods wait for."),
  timedOut: z.boolean().optional().describe("Whether it took longer than the timeout."),
  blocked: z.int().optional().describe("How many pods are kept on it."),
  blockers: z.array(blocker).optional().describe("The first of these: at most 10 of a node, and 200 of a Drain."),
});

/** A node's part of a Drain's status. */
export type DrainedNode = z.infer<typeof node>;

const surge = z.strictObject({
  namespace: z.string().describe("The Deployment's namespace."),
  deployment: z.string().describe("Its name."),
  uid: z.string().describe("Its UID."),
  replicas: z.int().describe("How many replicas it had, and is given again."),
  surged: z.int().describe("How many it is given meanwhile."),
  resourceVersion: z.string().describe("Its version before."),
});

/** A Deployment that was given one more replica, or is about to be. */
export type SurgedDeployment = z.infer<typeof surge>;

export const drainStatus = z.strictObject({
  observedGeneration: z.int().optional().describe("The metadata.generation that this status is about."),
  updatedAt: time.optional().describe("When the controller wrote this status last."),
  phase: z
    .enum(["Pending", "Running", "Succeeded", "Failed"])
    .optional()
    .describe(
      "Where the Drain stands. Succeeded: its nodes stay cordoned until it is deleted. Failed: what it has cordoned is uncordoned.",
    ),
  startedAt: time.optional().describe("When it started; from then on waitForJobs counts."),
  finishedAt: time.optional().describe("When it ended."),
  message: z.string().optional().describe("What it waits for, or why it failed."),
  progress: z.string().optional().describe("Nodes that are drained, of all."),
  left: z.int().optional().describe("How many pods have still to go, of all nodes."),
  nodes: z
    .array(node)
    .max(500)
    .optional()
    .describe("Each node.")
    .meta(crd({ listMapKey: "name" })),
  surges: z.array(surge).max(500).optional().describe("Deployments that have one more replica until their pods have moved."),
  conditions: conditionsSchema(
    "the Drain",
    "Valid: whether there are such nodes. Blocked: whether pods can't go unless something is changed. TimedOut: whether a node took longer than the timeout. Complete: whether every node is drained.",
  ),
});

/** A Drain's status. */
export type DrainStatus = z.input<typeof drainStatus>;
