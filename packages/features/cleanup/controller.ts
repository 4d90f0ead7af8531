import type { Cloud } from "@plimsoll/cloud";
import { isConflict, isNotFound, messageOf, type View } from "@plimsoll/kube";
import type { NodeView } from "@plimsoll/model";
import type { Node } from "kubernetes-types/core/v1.d.ts";
import { policyOf, type CleanupConfig } from "./config.ts";
import { decide, suspectsOf } from "./decide.ts";
import { dueOf, hastened, lookAfter, type Look } from "./look.ts";
import { CleanupMetrics, type Result } from "./metrics.ts";
import type { CleanupRuntime } from "./permissions.ts";
import type { Policy } from "./policy.ts";
import { told, toldOfDeletion, toldOfFailure } from "./told.ts";

/** Machines that are asked for at once, in each interval: however many nodes are dead, the cloud is asked no faster. */
const batch = 200;

export interface CleanupParts {
  runtime: CleanupRuntime;
  nodes: View<Node, NodeView>;
  cloud: Cloud;
  config: CleanupConfig;
}

/** The feature's loop: asks the cloud for the machines of nodes that have been NotReady for long, and deletes the nodes of those that are gone. */
export class CleanupController {
  readonly #nodes: View<Node, NodeView>;
  /** By the nodes' uid, so that nothing is taken over to another of the same name. */
  readonly #looks = new Map<string, Look>();
  #deletedAt: number[] = [];
  #policy: Policy;
  readonly #runtime: CleanupRuntime;
  readonly #cloud: Cloud;
  readonly #metrics: CleanupMetrics;

  constructor({ runtime, nodes, cloud, config }: CleanupParts) {
    this.#runtime = runtime;
    this.#nodes = nodes;
    this.#cloud = cloud;
    this.#policy = policyOf(config);
    this.#metrics = new CleanupMetrics(runtime.metrics);
    runtime.onConfig((changed) => (this.#policy = policyOf(changed)));
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { synced, elected, signal, clock } = this.#runtime;
    await Promise.all([synced(), elected]);
    for (;;) {
      await this.#act(await this.#look());
      // A timer rejects with an error of its own.
      await clock.sleep(this.#policy.checkInterval, signal).catch(() => signal.throwIfAborted());
    }
  }

  /** Asks for the machines that are due; gives the uids of their nodes. */
  async #look(): Promise<ReadonlySet<string>> {
    const { clock, signal, log } = this.#runtime;
    const suspects = suspectsOf([...this.#nodes.values()], this.#policy, clock.now());
    const uids = new Set(suspects.map(({ uid }) => uid));
    for (const uid of this.#looks.keys()) if (!uids.has(uid)) this.#looks.delete(uid);
    const due = dueOf(suspects, this.#looks, clock.now(), batch);
    if (due.length === 0) return new Set();
    const providerIDs = due.map(({ providerID }) => providerID);
    const verdicts = await this.#cloud.machines(providerIDs, signal);
    for (const { uid, name, providerID } of due) {
      const verdict = verdicts.get(providerID) ?? { state: "unsure", why: "the cloud has not answered" };
      const before = this.#looks.get(uid);
      if (before?.verdict.state !== verdict.state)
        log.info({ node: name, providerID, ...verdict }, "what the cloud says of a node's machine");
      this.#metrics.looked(verdict.state);
      this.#looks.set(uid, lookAfter(before, verdict, clock.now(), this.#policy.checkInterval));
    }
    return new Set(due.map(({ uid }) => uid));
  }

  async #act(looked: ReadonlySet<string>): Promise<void> {
    const { clock, events, log } = this.#runtime;
    const now = clock.now();
    this.#deletedAt = this.#deletedAt.filter((at) => now - at < this.#policy.window);
    const observed = { nodes: [...this.#nodes.values()], looks: this.#looks, deletedAt: this.#deletedAt, now };
    const { decisions, breaker } = decide(observed, this.#policy);
    this.#metrics.decided(decisions, breaker);
    if (breaker.isOpen) log.warn({ ...breaker }, "too many machines are gone at once: no node is deleted");
    for (const decision of decisions) {
      const { uid } = decision.node;
      const look = this.#looks.get(uid);
      if (decision.do === "delete") await this.#delete(decision.node, decision.why);
      else if (decision.do === "confirm" && look !== undefined) this.#looks.set(uid, hastened(look, this.#policy.checkInterval));
      const occurrence = looked.has(uid) ? told(decision, breaker) : undefined;
      if (occurrence !== undefined) events.record(occurrence);
    }
  }

  /** Deletes the node that was decided on, and as it was then: one that came back, or another of its name, has another version. */
  async #delete(node: NodeView, why: string): Promise<void> {
    const { client, clock, events, log, retried, signal } = this.#runtime;
    const { name, uid, resourceVersion } = node;
    signal.throwIfAborted();
    // Counted before: that no answer comes doesn't mean that it wasn't deleted.
    const at = clock.now();
    this.#deletedAt.push(at);
    try {
      await client("nodes").delete({ name }, { preconditions: { uid, resourceVersion }, signal });
      this.#metrics.deleted("deleted");
      log.info({ node: name, uid, providerID: node.providerID, why }, "a node whose machine is gone was deleted");
      events.record(toldOfDeletion(node, why));
    } catch (error) {
      signal.throwIfAborted();
      const result: Result = isNotFound(error) ? "absent" : isConflict(error) ? "changed" : "failed";
      this.#metrics.deleted(result);
      if (result !== "failed") {
        this.#deletedAt.splice(this.#deletedAt.indexOf(at), 1);
        log.info({ node: name, uid, result }, "a node was deleted or changed by somebody else before it could be deleted");
        return;
      }
      retried(`the deletion of the node ${name}`, error);
      events.record(toldOfFailure(node, messageOf(error)));
    }
  }
}
