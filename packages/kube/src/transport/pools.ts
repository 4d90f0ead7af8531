import { Pool } from "undici";
import { checkedDispatch } from "./checked-dispatch.ts";
import type { Credentials } from "../auth/credentials.ts";
import { throughProxy } from "../proxy/connector.ts";
import type { Proxy } from "../proxy/proxy.ts";
import type { Answer, Call, Wire } from "./wire.ts";

/** Short calls share few connections; each watch or followed log holds one of its own for long. */
interface Pair {
  tls: Credentials["tls"];
  short: Pool;
  long: Pool;
}

/** The keep-alive connections to one server, by undici. */
export class Pools implements Wire {
  readonly #origin: string;
  readonly #proxy: Proxy | undefined;
  /** Those of former certificates, too, until what was under way on them has ended. */
  readonly #open = new Set<Pool>();
  #current: Pair | undefined;

  constructor(server: string, proxy?: Proxy) {
    this.#origin = new URL(server).origin;
    this.#proxy = proxy;
  }

  send(tls: Credentials["tls"], { kind, fence, signal, ...call }: Call): Promise<Answer> {
    const pool = this.#of(tls)[kind];
    const dispatcher = fence ? checkedDispatch(pool, fence) : pool;
    return dispatcher.request({ ...call, signal: signal ?? null } as Parameters<Pool["request"]>[0]);
  }

  /** The connections made with these certificates. */
  #of(tls: Credentials["tls"]): Pair {
    if (this.#current?.tls === tls) return this.#current;
    const former = this.#current ? [this.#current.short, this.#current.long] : [];
    for (const pool of former) void pool.close().then(() => this.#open.delete(pool));
    const connect = { ...tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 };
    const options: Pool.Options = {
      // One TCP connection for everything would die as one; and node's HTTP/2 costs more CPU a request.
      allowH2: false,
      connect: this.#proxy ? throughProxy(this.#proxy, connect) : connect,
      // Below the API server's own 90 s, so that no request goes out on a connection that it is closing.
      keepAliveTimeout: 60_000,
      keepAliveMaxTimeout: 60_000,
    };
    this.#current = { tls, short: new Pool(this.#origin, { ...options, connections: 32 }), long: new Pool(this.#origin, options) };
    this.#open.add(this.#current.short).add(this.#current.long);
    return this.#current;
  }

  async destroy(): Promise<void> {
    await Promise.all(Array.from(this.#open, (pool) => pool.destroy()));
  }
}
