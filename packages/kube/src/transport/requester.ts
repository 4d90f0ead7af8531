import { targetOf, type ApiRequest, type Sender } from "./api-request.ts";
import { systemClock, type Clock } from "../clock/clock.ts";
import { connectionError } from "./connection-error.ts";
import { CredentialSource } from "../auth/credential-source.ts";
import type { Credentials } from "../auth/credentials.ts";
import { ApiError, ConnectionError, isRefusedByBudget, isUnauthorized, SilenceError } from "../errors.ts";
import type { Connection } from "../auth/kubeconfig.ts";
import { messageOf } from "../message.ts";
import { longestAsked, retryAfterOf, retryDelay } from "./retry.ts";
import type { Answer, Call, Wire } from "./wire.ts";

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

/** HTTP to one API server: fresh credentials, typed errors, bounded retries, by whatever wire. No rate limit. */
export class Requester implements Sender {
  /** The API server's address, as in the kubeconfig. */
  readonly server: string;
  /** The context's namespace; "default" where it names none. */
  readonly namespace: string;
  readonly #credentials: CredentialSource;
  readonly #options: Required<Pick<TransportOptions, "clock" | "random" | "userAgent">> & TransportOptions;
  readonly #basePath: string;
  readonly #wire: Wire;
  readonly #closing = new AbortController();

  constructor(connection: Connection, wire: Wire, options: TransportOptions = {}) {
    this.server = connection.cluster.server.replace(/\/$/, "");
    this.namespace = connection.namespace;
    this.#basePath = new URL(this.server).pathname.replace(/\/$/, "");
    this.#options = { clock: systemClock, random: Math.random, userAgent: "plimsoll", ...options };
    this.#wire = wire;
    this.#credentials = new CredentialSource(connection, this.#options.clock, this.#closing.signal);
  }

  request<T>(request: ApiRequest): Promise<T> {
    return this.#attempts(request, async (credentials) => {
      const timeout = request.timeout ?? defaultTimeout;
      const response = await this.#send("short", credentials, request, timeout, timeout);
      const body = await response.body.text();
      this.#answered(request, response, body);
      return parse(request, body);
    });
  }

  async stream(request: ApiRequest): Promise<AsyncIterable<Buffer>> {
    return this.#attempts(request, async (credentials) => {
      const response = await this.#send("long", credentials, request, defaultTimeout, request.timeout ?? 0);
      this.#answered(request, response, response.statusCode < 400 ? "" : await response.body.text());
      return chunks(request, response.body);
    });
  }

  /** Sends one GET and gives its answer as it came, whatever its status: for what is reached through the API server, and isn't its own. */
  async answer(request: ApiRequest): Promise<Answer> {
    const ends = [...(request.signal ? [request.signal] : []), this.#closing.signal];
    const response = await this.#send("long", await this.#credentials.get(ends), request, defaultTimeout, request.timeout ?? 0);
    this.#options.onResponse?.({ method: request.method, path: request.path, status: response.statusCode });
    return response;
  }

  /** Ends every connection and every wait for another attempt: what is under way fails, and so does every further request. */
  async close(): Promise<void> {
    this.#closing.abort(new Error(`the transport to ${this.server} was closed`));
    await this.#wire.destroy();
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

  #send(kind: Call["kind"], credentials: Credentials, request: ApiRequest, headersTimeout: number, bodyTimeout: number) {
    const headers: Credentials["headers"] = {
      accept: request.accept ?? "application/json, */*", // Logs come as text only.
      "user-agent": this.#options.userAgent,
      ...credentials.headers,
    };
    if (request.body !== undefined) headers["content-type"] = request.contentType ?? "application/json";
    return this.#wire.send(credentials.tls, {
      kind,
      method: request.method,
      path: this.#basePath + targetOf(request),
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      headersTimeout,
      bodyTimeout,
      signal: request.signal,
      fence: request.fence,
    });
  }

  #answered(request: ApiRequest, response: Answer, body: string): void {
    const { method, path } = request;
    const { statusCode: status } = response;
    this.#options.onResponse?.({ method, path, status });
    if (status < 400) return;
    const answer = body.startsWith("{") ? parse(request, body) : body;
    const error = new ApiError(callOf(request), status, answer, retryAfterOf(response.headers["retry-after"], this.#options.clock.now()));
    const { retryAfter = 0 } = error;
    if (retryAfter > 0 && (status === 429 || status === 503) && !isRefusedByBudget(error))
      this.#options.onRetryAfter?.(Math.min(retryAfter, longestAsked));
    throw error;
  }
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
