import type { Dispatcher } from "undici";
import { checkedDispatch, type Check } from "./checked-dispatch.ts";
import { systemClock, type Clock } from "./clock.ts";
import { connectionError } from "./connection-error.ts";
import { CredentialSource } from "./credential-source.ts";
import type { Credentials } from "./credentials.ts";
import { ApiError, ConnectionError, isUnauthorized, SilenceError } from "./errors.ts";
import { inClusterConnection, runsInCluster } from "./in-cluster.ts";
import {
  connectionOf,
  defaultKubeconfig,
  KubeconfigError,
  parseKubeconfig,
  readKubeconfig,
  withToken,
  type Connection,
} from "./kubeconfig.ts";
import { messageOf } from "./message.ts";
import { Pools } from "./pools.ts";
import { proxyOf } from "./proxy/proxy-of.ts";
import { longestAsked, retryAfterOf, retryDelay } from "./retry.ts";

type Query = Record<string, string | number | boolean | undefined>;

export interface ApiRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with everything in it encoded, as of `pathOf`. */
  path: string;
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  contentType?: string;
  /** May be sent again when the first may have been executed. Default: only GET. */
  idempotent?: boolean;
  /** A failure is the caller's at once, who knows better when to try again; only a refused token is still renewed. */
  once?: boolean;
  /** Milliseconds without the answer's head, or without a further byte of it (for a stream: 0, none, by default). Default 60,000. */
  timeout?: number;
  signal?: AbortSignal | undefined;
  /** Checked whenever the request is about to be written to its socket; what it throws is the caller's, as it is, and nothing was sent. */
  fence?: Check;
}

/** What sends requests. */
export type Sender = Pick<Transport, "request" | "stream">;

/** A request's target: its path with the query. */
export function targetOf({ path, query = {} }: ApiRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

/** By what name a transport asks, and who is told of the answers. */
export interface TransportOptions {
  userAgent?: string;
  clock?: Clock;
  random?: () => number;
  /** Told of every answer, once it was read (of a stream: once it began), before the caller sees it. */
  onResponse?: (response: { method: string; path: string; status: number }) => void;
  /**
   * Told of each 429 and 503 by which the server asks to be left alone for some seconds, two minutes at most, so that all
   * other requests can wait as well. The request itself is tried again by the transport.
   */
  onRetryAfter?: (seconds: number) => void;
}

const defaultTimeout = 60_000;

/** HTTP to one API server: keep-alive connections, fresh credentials, typed errors, bounded retries. No rate limit. */
export class Transport {
  /** The API server's address, as in the kubeconfig. */
  readonly server: string;
  /** The context's namespace; "default" where it names none. */
  readonly namespace: string;
  readonly #credentials: CredentialSource;
  readonly #options: Required<Pick<TransportOptions, "clock" | "random" | "userAgent">> & TransportOptions;
  readonly #basePath: string;
  readonly #pools: Pools;
  readonly #closing = new AbortController();

  constructor(connection: Connection, options: TransportOptions = {}) {
    this.server = connection.cluster.server.replace(/\/$/, "");
    this.namespace = connection.namespace;
    this.#basePath = new URL(this.server).pathname.replace(/\/$/, "");
    this.#options = { clock: systemClock, random: Math.random, userAgent: "plimsoll", ...options };
    this.#pools = new Pools(this.server, proxyOf(connection.cluster));
    this.#credentials = new CredentialSource(connection, this.#options.clock, this.#closing.signal);
  }

  /** `source` is a path, or a kubeconfig's text; with a token, its bearer is spoken for instead of the context's user. */
  static fromKubeconfig(
    source: string,
    { context, token, ...options }: TransportOptions & { context?: string | undefined; token?: string } = {},
  ): Transport {
    const isText = source.includes("\n") || source.startsWith("{");
    const config = isText ? parseKubeconfig(source, "the given text", ".") : readKubeconfig(source);
    const connection = connectionOf(config, context);
    return new Transport(token === undefined ? connection : withToken(connection, token), options);
  }

  static inCluster(options: TransportOptions = {}): Transport {
    return new Transport(inClusterConnection(), options);
  }

  /**
   * Sends one request and reads its JSON answer. The answer's type is taken from the catalogue on trust: the API server
   * validated the object against its schema.
   * @throws ApiError, ConnectionError, KubeconfigError; the signal's reason when aborted.
   */
  request<T>(request: ApiRequest): Promise<T> {
    return this.#attempts(request, async (credentials) => {
      const timeout = request.timeout ?? defaultTimeout;
      const response = await this.#send(this.#pools.of(credentials.tls).short, credentials, request, timeout, timeout);
      const body = await response.body.text();
      this.#answered(request, response, body);
      return parse(request, body);
    });
  }

  /** Sends one GET and gives the bytes of its answer as they come, on a connection of its own. Errors as of `request`. */
  async stream(request: ApiRequest): Promise<AsyncIterable<Buffer>> {
    return this.#attempts(request, async (credentials) => {
      const response = await this.#send(this.#pools.of(credentials.tls).long, credentials, request, defaultTimeout, request.timeout ?? 0);
      this.#answered(request, response, response.statusCode < 400 ? "" : await response.body.text());
      return chunks(request, response.body);
    });
  }

  /** Ends every connection and every wait for another attempt: what is under way fails, and so does every further request. */
  async close(): Promise<void> {
    this.#closing.abort(new Error(`the transport to ${this.server} was closed`));
    await this.#pools.destroy();
  }

  async #attempts<R>(request: ApiRequest, attempt: (credentials: Credentials) => Promise<R>): Promise<R> {
    const { clock, random } = this.#options;
    const idempotent = request.idempotent ?? request.method === "GET";
    const ends = [...(request.signal ? [request.signal] : []), this.#closing.signal];
    let refreshed = false;
    for (let n = 1; ; n++) {
      const credentials = await this.#credentials.get(ends);
      try {
        return await attempt(credentials);
      } catch (cause) {
        for (const end of ends) end.throwIfAborted();
        const error = connectionError(cause, callOf(request), this.server);
        // A refused token may only be an old one.
        if (!refreshed && isUnauthorized(error)) {
          refreshed = true;
          this.#credentials.refresh(credentials);
          continue;
        }
        const delay = request.once ? undefined : retryDelay(error, n, idempotent, random);
        if (delay === undefined) throw error;
        // An abort ends the sleep, and then the loop.
        await clock.sleep(delay, AbortSignal.any(ends)).catch(() => {});
      }
    }
  }

  #send(pool: Dispatcher, credentials: Credentials, request: ApiRequest, headersTimeout: number, bodyTimeout: number) {
    const headers: Credentials["headers"] = {
      accept: "application/json, */*", // Logs come as text only.
      "user-agent": this.#options.userAgent,
      ...credentials.headers,
    };
    if (request.body !== undefined) headers["content-type"] = request.contentType ?? "application/json";
    const dispatcher = request.fence ? checkedDispatch(pool, request.fence) : pool;
    return dispatcher.request({
      method: request.method,
      path: this.#basePath + targetOf(request),
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      headersTimeout,
      bodyTimeout,
      signal: request.signal ?? null,
    });
  }

  #answered(request: ApiRequest, response: Dispatcher.ResponseData, body: string): void {
    const { method, path } = request;
    const { statusCode: status } = response;
    this.#options.onResponse?.({ method, path, status });
    if (status < 400) return;
    const answer = body.startsWith("{") ? parse(request, body) : body;
    const error = new ApiError(callOf(request), status, answer, retryAfterOf(response.headers["retry-after"], this.#options.clock.now()));
    const { retryAfter = 0 } = error;
    if (retryAfter > 0 && (status === 429 || status === 503)) this.#options.onRetryAfter?.(Math.min(retryAfter, longestAsked));
    throw error;
  }
}

/** Loads as kubectl does: the given path, else $KUBECONFIG, else ~/.kube/config, else the pod's ServiceAccount. */
export function loadTransport({
  kubeconfig,
  ...options
}: TransportOptions & { kubeconfig?: string | undefined; context?: string | undefined } = {}): Transport {
  if (kubeconfig) return Transport.fromKubeconfig(kubeconfig, options);
  const config = defaultKubeconfig();
  if (config) return new Transport(connectionOf(config, options.context), options);
  if (runsInCluster()) return Transport.inCluster(options);
  throw new KubeconfigError("no cluster is configured: there is no ~/.kube/config; name a kubeconfig by --kubeconfig or KUBECONFIG");
}

function callOf({ method, path }: ApiRequest): string {
  return `${method} ${path}`;
}

function parse<T>(request: ApiRequest, body: string): T {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ConnectionError(`${callOf(request)}: the answer was not whole JSON`, true, error);
  }
}

async function* chunks(request: ApiRequest, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  try {
    yield* body;
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof Error && "code" in error && error.code === "UND_ERR_BODY_TIMEOUT")
      throw new SilenceError(`${callOf(request)}: nothing came for ${(request.timeout ?? 0) / 1_000} s`, true, error);
    throw new ConnectionError(`${callOf(request)}: the connection broke: ${messageOf(error)}`, true, error);
  }
}
