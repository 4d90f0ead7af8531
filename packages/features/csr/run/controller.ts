import type { Cloud } from "@plimsoll/cloud";
import { FairLimiter, isConflict, isNotFound, SpamFilter, Turns, type CacheEvent, type View, type WorkQueue } from "@plimsoll/kube";
import type { NodeView } from "@plimsoll/model";
import type { CertificateSigningRequest } from "kubernetes-types/certificates/v1.d.ts";
import type { Node } from "kubernetes-types/core/v1.d.ts";
import { isDeepStrictEqual } from "node:util";
import { approved, denied } from "./approval.ts";
import { policyOf, type CsrConfig } from "../config.ts";
import { judge, nodeIn, roleOf, screen } from "../decide/decide.ts";
import { FaultError, type Fault } from "../decide/fault.ts";
import { firstInterval, Ledger } from "../decide/ledger.ts";
import { Lines } from "./lines.ts";
import { CsrMetrics } from "../metrics.ts";
import type { CsrRuntime } from "../permissions.ts";
import { readRequest, type CertificateRequest } from "../pkcs10/read.ts";
import type { Policy } from "../decide/policy.ts";
import type { RequestView } from "../decide/request-view.ts";
import { toldOfApproval, toldOfDenial, toldOfFault } from "../told.ts";
import type { Verify } from "../decide/verify.ts";
import { Waiting } from "./waiting.ts";

/** Lines that are worked on at once. */
const width = 32;

/** How often the cloud is asked. */
const cloudRate = { qps: 20, burst: 50 };

/** How often requests are denied. */
const denialRate = { qps: 5, burst: 20 };

/** How long until a request is looked at again that time may mend: twice as long each time. */
const [soonest, latest] = [10_000, 300_000];

/** How long the watch may take to show what a conflict was about. */
const afterConflict = 1_000;

/** What a key of the queue begins with that is a request to look at again, and no line. */
const again = "again: ";

export interface CsrParts {
  runtime: CsrRuntime;
  nodes: View<Node, NodeView>;
  requests: View<CertificateSigningRequest, RequestView>;
  cloud: Cloud | undefined;
  verify: Verify;
  config: CsrConfig;
}

/** What was seen of a request that waits. */
interface Seen {
  /** When it was first seen, by the monotonic clock. */
  at: number;
  /** Why it was not approved the last time. */
  code?: Fault["code"];
  /** How often time was to mend it. */
  tries: number;
}

/** The feature's loop: reads each request that waits, and approves those that hold all checks. */
export class CsrController {
  readonly #parts: CsrParts;
  readonly #queue: WorkQueue;
  readonly #denials: WorkQueue;
  readonly #lines = new Lines();
  readonly #waiting = new Waiting();
  readonly #ledger = new Ledger();
  readonly #metrics: CsrMetrics;
  readonly #cloudLimiter: FairLimiter;
  readonly #denialLimiter: FairLimiter;
  /** Of one requester there may be so many events as else of one object: a flood is counted, and not told one by one. */
  readonly #spam = new SpamFilter();
  readonly #seen = new Map<string, Seen>();
  /** The names of requests that depend on a node. */
  readonly #byNode = new Map<string, Set<string>>();
  /** Why requests are to be denied, by name. */
  readonly #toDeny = new Map<string, { uid: string; fault: Fault }>();
  #policy: Policy;

  constructor(parts: CsrParts) {
    const { runtime, config } = parts;
    this.#parts = parts;
    this.#policy = policyOf(config);
    this.#queue = runtime.queue("csr");
    this.#denials = runtime.queue("csr-denials");
    this.#cloudLimiter = new FairLimiter({ ...cloudRate, clock: runtime.clock });
    this.#denialLimiter = new FairLimiter({ ...denialRate, clock: runtime.clock });
    this.#metrics = new CsrMetrics(runtime.metrics, () => this.#waiting.counts);
    runtime.onConfig((changed) => {
      this.#policy = policyOf(changed);
      for (const request of this.#parts.requests.values()) this.#look(request, "last");
    });
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { runtime, nodes, requests } = this.#parts;
    const { synced, elected, signal } = runtime;
    await Promise.all([synced(), elected]);
    nodes.on((event) => this.#nodeChanged(event));
    requests.on((event) => this.#requestChanged(event));
    // What was approved, and who waits for which name, has to be known before anything is decided.
    const turns = new Turns();
    for (const request of requests.values()) {
      await turns.take();
      this.#remember(request);
    }
    await Promise.all([this.#queue.run(width, (key) => this.#work(key), signal), this.#denials.run(1, (name) => this.#deny(name), signal)]);
  }

  #requestChanged(event: CacheEvent<RequestView>): void {
    const { type, object } = event;
    if (type !== "add" && isPending(event.old)) this.#waiting.remove(event.old);
    if (type === "delete" || !isPending(object)) {
      this.#seen.delete(object.uid);
      if (type !== "delete") this.#remember(object);
      return;
    }
    this.#waiting.add(object);
    if (!this.#seen.has(object.uid)) this.#seen.set(object.uid, { at: this.#parts.runtime.clock.monotonic(), tries: 0 });
    this.#look(object, "first");
  }

  #nodeChanged(event: CacheEvent<NodeView>): void {
    const { name, addresses, endsAt } = event.object;
    if (event.type === "update" && isDeepStrictEqual(event.old.addresses, addresses) && event.old.endsAt === endsAt) return;
    const names = this.#byNode.get(name);
    this.#byNode.delete(name);
    for (const request of names ?? []) this.#queue.add(`${again}${request}`);
  }

  /** Takes in that a request was approved, by whomever, or waits for a node's first certificate. */
  #remember(request: RequestView): void {
    const { approvedAt } = request;
    const isFirst = roleOf(request, this.#policy) === "bootstrap";
    if (request.request === "" || (approvedAt === undefined && !isFirst)) return;
    try {
      const asked = readRequest(textOf(request));
      if (approvedAt === undefined) this.#waitsFor(request, asked);
      else this.#ledger.add(request, asked, this.#firstOf(request, asked, approvedAt));
    } catch (error) {
      // What can't be read is left, or was somebody else's to approve.
      if (!(error instanceof FaultError)) throw error;
    }
  }

  /** Takes in for which node's first certificate a request waits, if it does. */
  #waitsFor(request: RequestView, { commonName, keyHash }: CertificateRequest): void {
    const node = nodeIn(commonName);
    if (node !== undefined && roleOf(request, this.#policy) === "bootstrap") this.#waiting.isFirst(request, node, keyHash);
  }

  #firstOf(request: RequestView, { commonName }: CertificateRequest, at: number): { node: string; at: number } | undefined {
    const node = nodeIn(commonName);
    return node !== undefined && roleOf(request, this.#policy) === "bootstrap" ? { node, at } : undefined;
  }

  #look(request: RequestView, where: "first" | "last"): void {
    if (!isPending(request) || !this.#parts.config.signers.includes(request.signer)) return;
    this.#queue.add(this.#lines.put(request.requester, request.name, where));
  }

  /** Looks at one request of a line, or has one looked at again. */
  async #work(key: string): Promise<void> {
    const { requests } = this.#parts;
    if (key.startsWith(again)) {
      const request = requests.get(undefined, key.slice(again.length));
      if (request !== undefined) this.#look(request, "last");
      return;
    }
    const name = this.#lines.take(key);
    const request = name === undefined ? undefined : requests.get(undefined, name);
    if (request !== undefined && isPending(request)) {
      try {
        await this.#decide(request);
      } catch (error) {
        // The line waits: behind the others, lest one keep them all.
        this.#lines.put(request.requester, request.name, "last");
        throw error;
      }
    }
    if (this.#lines.has(key)) this.#queue.add(key);
  }

  async #decide(request: RequestView): Promise<void> {
    let asked: CertificateRequest;
    try {
      const fault = screen(request, this.#waiting.newer(request), this.#policy, this.#parts.runtime.clock.now());
      if (fault !== undefined) return this.#leave(request, fault);
      asked = readRequest(textOf(request));
    } catch (error) {
      if (error instanceof FaultError) return this.#leave(request, error.fault);
      throw error;
    }
    const node = nodeIn(asked.commonName) ?? "";
    this.#waitsFor(request, asked);
    const fault = this.#judge(request, asked, node) ?? (await this.#parts.verify(asked)) ?? (await this.#faultInMachine(request, node));
    // Meanwhile, anything may have changed.
    const now = this.#parts.requests.get(undefined, request.name);
    if (now?.uid !== request.uid || now.resourceVersion !== request.resourceVersion) return;
    const last = fault ?? this.#judge(request, asked, node);
    if (last !== undefined) this.#leave(request, last);
    else await this.#approve(request, asked, node);
  }

  #judge(request: RequestView, asked: CertificateRequest, node: string): Fault | undefined {
    const { nodes, runtime } = this.#parts;
    const now = runtime.clock.now();
    const known = {
      node: (name: string) => nodes.get(undefined, name),
      nodes: () => nodes.values(),
      ledger: this.#ledger,
      pending: this.#waiting.size,
      ...this.#waiting.firstsBeside(request, node, asked.keyHash, now - firstInterval),
      now,
    };
    return judge(request, asked, known, this.#policy);
  }

  /** Asks the cloud for the machine of a node, where that is wanted. */
  async #faultInMachine(request: RequestView, node: string): Promise<Fault | undefined> {
    const { cloud, nodes, runtime } = this.#parts;
    const isFirst = roleOf(request, this.#policy) === "bootstrap";
    if (isFirst ? this.#policy.instances === "any" : this.#policy.machines === "first") return undefined;
    if (cloud === undefined)
      return {
        code: "Machine",
        note: "whether its machine exists can't be told: set features.csr.cloud, or features.csr.instances to any",
        mayPass: true,
      };
    await this.#cloudLimiter.acquire(request.requester, runtime.signal);
    const providerID = isFirst ? "" : (nodes.get(undefined, node)?.providerID ?? "");
    const verdict = isFirst
      ? await cloud.machineNamed(node, runtime.signal)
      : (await cloud.machines([providerID], runtime.signal)).get(providerID);
    this.#metrics.looked(verdict?.state ?? "unsure");
    if (verdict?.state === "exists") return undefined;
    const why = verdict?.why ?? "the cloud has not answered";
    return {
      code: "Machine",
      note:
        verdict?.state === "gone"
          ? `${cloud.provider} has no machine of the node ${node}: ${why}`
          : `whether the node ${node} has a machine is unsure: ${why}`,
      mayPass: true,
    };
  }

  async #approve(request: RequestView, asked: CertificateRequest, node: string): Promise<void> {
    const { client, clock, events, log, signal } = this.#parts.runtime;
    const { name, signer, requester, object } = request;
    if (object === undefined) return;
    signal.throwIfAborted();
    const now = clock.now();
    // The watch may say that it is approved, and what was seen of it be forgotten, before the answer is here.
    const since = this.#seen.get(request.uid)?.at ?? clock.monotonic();
    // Before it is: no other of the same key or node may be approved meanwhile.
    this.#ledger.add(request, asked, this.#firstOf(request, asked, now));
    try {
      await client("certificatesigningrequests.certificates.k8s.io/approval").update(approved(object, asked, now), { signal });
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
      // It was changed, decided or deleted: the watch will say so.
      this.#ledger.remove(request, asked, node);
      this.#queue.addAfter(`${again}${name}`, afterConflict);
      return;
    }
    this.#metrics.approved(signer, (clock.monotonic() - since) / 1_000);
    log.info({ request: name, signer, requester, names: [...asked.dnsNames, ...asked.addresses] }, "a certificate request was approved");
    events.record(toldOfApproval(request));
  }

  /** Says why a request is not approved, when that is new, and when it is looked at again. */
  #leave(request: RequestView, fault: Fault): void {
    const { clock } = this.#parts.runtime;
    const { name, uid, signer, requester } = request;
    const seen = this.#seen.get(uid);
    if (seen === undefined) return; // It is gone.
    const isFinal = fault.nodes === undefined && fault.mayPass !== true;
    for (const node of fault.nodes ?? []) this.#byNode.set(node, (this.#byNode.get(node) ?? new Set()).add(name));
    if (fault.mayPass) this.#queue.addAfter(`${again}${name}`, Math.min(latest, soonest * 2 ** seen.tries++));
    if (isFinal && this.#policy.otherwise === "deny" && request.object !== undefined) {
      this.#toDeny.set(name, { uid, fault });
      this.#denials.add(name);
      return;
    }
    if (seen.code === fault.code) return;
    seen.code = fault.code;
    this.#metrics.notApproved(signer, "leave", fault);
    if (!this.#spam.admits(requester, false, clock.monotonic())) return;
    this.#parts.runtime.log.info(
      { request: name, signer, requester, reason: fault.code, note: fault.note },
      "a certificate request is left",
    );
    this.#parts.runtime.events.record(toldOfFault(request, fault));
  }

  async #deny(name: string): Promise<void> {
    const { client, clock, events, log, signal } = this.#parts.runtime;
    const { uid, fault } = this.#toDeny.get(name) ?? {};
    const request = this.#parts.requests.get(undefined, name);
    if (fault === undefined || request?.uid !== uid || request?.object === undefined) return void this.#toDeny.delete(name);
    await this.#denialLimiter.acquire(request.requester, signal);
    try {
      await client("certificatesigningrequests.certificates.k8s.io/approval").update(denied(request.object, fault, clock.now()), {
        signal,
      });
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
      this.#queue.addAfter(`${again}${name}`, afterConflict);
      return;
    } finally {
      this.#toDeny.delete(name);
    }
    const { signer, requester } = request;
    this.#metrics.notApproved(signer, "deny", fault);
    if (!this.#spam.admits(requester, false, clock.monotonic())) return;
    log.info({ request: name, signer, requester, reason: fault.code, note: fault.note }, "a certificate request was denied");
    events.record(toldOfDenial(request, fault));
  }
}

function isPending({ approvedAt }: RequestView): boolean {
  return approvedAt === undefined;
}

function textOf({ request }: RequestView): string {
  return Buffer.from(request, "base64").toString("latin1");
}
