import { ApiError, ConnectionError } from "../src/errors.ts";
import { holderOf, type StoredLease } from "../src/leader/lease.ts";
import type { ApiRequest, Sender } from "../src/transport/api-request.ts";

/** What becomes of a request: an error of this code; carried out, and its answer lost; or no answer at all until it is aborted. */
type Fault = number | "lost" | "hangs";

/** An API server that has one lease, or none: create, update, list and watch, and what goes wrong when it is told. It streams no lists. */
export class FakeLeases implements Sender {
  lease: StoredLease | undefined;
  /** Each request that came: its verb, and the holder that it writes. */
  readonly requests: string[] = [];
  /** What becomes of each request but a watch, as long as it is set. */
  fault: Fault | undefined;
  #version = 0;
  readonly #watches = new Set<(line: string) => void>();

  async request<T>(request: ApiRequest): Promise<T>;
  async request(request: ApiRequest): Promise<unknown> {
    const written = request.body as StoredLease | undefined;
    const verb = { GET: "list", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" }[request.method];
    this.requests.push(written === undefined ? verb : `${verb} "${holderOf(written)}"`);
    const { fault } = this;
    if (typeof fault === "number") throw new ApiError(request.method, fault, {});
    if (fault === "hangs") return aborted(request.signal);
    const answer = written === undefined ? this.#list() : this.#store(request, written);
    if (fault === "lost") throw new ConnectionError("the answer was lost", true);
    return answer;
  }

  async stream({ method, query, signal }: ApiRequest): Promise<AsyncIterable<Buffer>> {
    // It lists, as an older server does.
    if (query?.["sendInitialEvents"] !== undefined) throw new ApiError(method, 422, {});
    this.requests.push("watch");
    const watches = this.#watches;
    return (async function* () {
      for (;;) {
        const next = Promise.withResolvers<string>();
        watches.add(next.resolve);
        yield Buffer.from(await Promise.race([next.promise, aborted(signal)]));
      }
    })();
  }

  /** Somebody else writes the lease: as `holder`'s, or deletes it. */
  write(holder: string | undefined, leaseDurationSeconds = 15): void {
    if (holder !== undefined) this.#put({ spec: { holderIdentity: holder, leaseDurationSeconds } });
    else {
      this.#tell("DELETED", this.lease);
      this.lease = undefined;
    }
  }

  /** So does one of whom no watch tells. */
  whisper(holder: string): void {
    this.#watches.clear();
    this.write(holder);
  }

  #list(): unknown {
    return { metadata: { resourceVersion: `${this.#version}` }, items: this.lease ? [this.lease] : [] };
  }

  #store({ method }: ApiRequest, lease: StoredLease): StoredLease {
    if (method === "POST" && this.lease) throw new ApiError(method, 409, { reason: "AlreadyExists" });
    if (method === "PUT" && !this.lease) throw new ApiError(method, 404, {});
    if (method === "PUT" && lease.metadata.resourceVersion !== this.lease?.metadata.resourceVersion) throw new ApiError(method, 409, {});
    return this.#put(lease);
  }

  #put(lease: Partial<StoredLease>): StoredLease {
    this.#version += 1;
    const metadata = { namespace: "ns", name: "lease", uid: "uid", creationTimestamp: "", resourceVersion: `${this.#version}` };
    const type = this.lease ? "MODIFIED" : "ADDED";
    this.lease = { ...lease, metadata };
    this.#tell(type, this.lease);
    return this.lease;
  }

  #tell(type: string, object: unknown): void {
    for (const tell of this.#watches) tell(`${JSON.stringify({ type, object })}\n`);
    this.#watches.clear();
  }
}

async function aborted(signal: AbortSignal | undefined): Promise<never> {
  signal?.throwIfAborted();
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}
