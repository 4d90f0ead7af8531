import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Worker } from "node:worker_threads";
import { atMost } from "../flowcontrol/at-most.ts";
import { inClusterConnection } from "../auth/in-cluster.ts";
import { connectionFrom, type Connection } from "../auth/kubeconfig.ts";
import { messageOf } from "../message.ts";
import { Contact } from "./contact.ts";
import { checkDurations, defaultDurations, type Durations } from "./durations.ts";
import { Fence, LostLeaseError } from "./fence.ts";
import { machineClock } from "./machine-clock.ts";
import { release, releaseTimeout, type Message, type Task } from "./messages.ts";

/** Which Lease is stood for, as whom, and how long it lasts. */
export interface ElectorOptions {
  /** How to reach the API server: a kubeconfig's path; without one, as the pod's ServiceAccount. */
  connection: { kubeconfig?: string | undefined };
  /** Where the lease is: the controller's own namespace. */
  namespace: string;
  /** The lease's name. */
  lease: string;
  /** Of this candidate alone, also among those that were and those to come. Default: the host's name and a random UUID. */
  identity?: string;
  /** Milliseconds. Default: 15 s, 10 s and 2 s. */
  durations?: Partial<Durations>;
  /** Told of each request that failed, and is tried again. */
  onError: (error: Error) => void;
}

/**
 * Stands for one lease, from a thread of its own, until it has held and lost or released it. Only the holder may write:
 * `fenced(sender, elector.fence)` sees to that.
 */
export class Elector {
  readonly identity: string;
  /** Stands while the lease is held. */
  readonly fence = new Fence();
  /** Resolves when the lease is held; rejects with a LostLeaseError when it never will be. */
  readonly elected: Promise<void>;
  /** Resolves with the reason when this process doesn't hold the lease any more, or can't stand for it: the program then has to end. Never after `release`. */
  readonly lost: Promise<LostLeaseError>;
  readonly #options: ElectorOptions;
  readonly #durations: Durations;
  readonly #contact = new Contact();
  readonly #election = Promise.withResolvers<void>();
  readonly #loss = Promise.withResolvers<LostLeaseError>();
  readonly #exit = Promise.withResolvers<void>();
  #worker: Worker | undefined;
  #isReleased = false;
  #leader: string | undefined;

  /** Throws a RangeError for durations that don't go together. */
  constructor(options: ElectorOptions) {
    this.#options = options;
    this.#durations = { ...defaultDurations, ...options.durations };
    checkDurations(this.#durations);
    this.identity = options.identity ?? `${hostname()}_${randomUUID()}`;
    this.elected = this.#election.promise;
    this.elected.catch(() => {}); // Nobody need wait for it.
    this.lost = this.#loss.promise;
  }

  /** Who holds the lease, as far as is known; undefined: nobody. */
  get leader(): string | undefined {
    return this.#leader;
  }

  /** Milliseconds since the API server last answered this process with success, or told it of a change; before that, since the start. */
  lastContact(): number {
    return machineClock.monotonic() - this.#contact.at;
  }

  /** Begins to stand for the lease, once, until it is released; an abort of `signal` releases it, too. */
  start(signal?: AbortSignal): void {
    const { connection, namespace, lease } = this.#options;
    const { identity } = this;
    let speaksTo: Connection;
    try {
      // Read here: the thread need not know how.
      speaksTo = connection.kubeconfig === undefined ? inClusterConnection() : connectionFrom(connection.kubeconfig);
    } catch (error) {
      return this.#lose(messageOf(error));
    }
    const memory = { fence: this.fence.memory, contact: this.#contact.memory };
    const workerData: Task = { connection: speaksTo, namespace, lease, identity, durations: this.#durations, ...memory };
    this.#worker = new Worker(new URL("worker.ts", import.meta.url), { name: "leader-election", workerData });
    this.#worker.on("message", (message: Message) => this.#told(message));
    this.#worker.on("error", (error) => this.#lose(messageOf(error)));
    this.#worker.on("exit", () => {
      this.#lose("the thread that renews the lease has ended");
      this.#exit.resolve();
    });
    if (signal?.aborted) void this.release();
    else signal?.addEventListener("abort", () => void this.release(), { once: true });
  }

  /**
   * Gives the lease up, so that another takes it at once; resolves when that is done, or could not be within some seconds.
   * Whatever was to be written has to be written before.
   */
  async release(): Promise<void> {
    this.#isReleased = true;
    this.#worker?.postMessage(release);
    if (this.#worker !== undefined) await atMost(releaseTimeout + 1_000, this.#exit.promise, machineClock);
    this.fence.fall();
    await this.#worker?.terminate();
    this.#election.reject(new LostLeaseError("the lease was released"));
  }

  #told(message: Message): void {
    switch (message.type) {
      case "elected":
        return this.#election.resolve();
      case "leader":
        this.#leader = message.identity;
        return;
      case "lost":
        return this.#lose(message.reason);
      case "error":
        return this.#options.onError(new Error(message.error));
    }
  }

  #lose(reason: string): void {
    this.fence.fall();
    if (this.#isReleased) return;
    const error = new LostLeaseError(`lease ${this.#options.namespace}/${this.#options.lease}: ${reason}`);
    this.#election.reject(error);
    this.#loss.resolve(error);
  }
}
