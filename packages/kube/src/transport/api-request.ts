import type { Check } from "./wire.ts";

type Query = Record<string, string | number | boolean | undefined>;

export interface ApiRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with everything in it encoded, as of `pathOf`. */
  path: string;
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  contentType?: string;
  /** What the answer is to be, where JSON alone doesn't say it. */
  accept?: string;
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
export interface Sender {
  /**
   * Sends one request and reads its JSON answer. The answer's type is taken from the catalogue on trust: the API server
   * validated the object against its schema.
   * @throws ApiError, ConnectionError, KubeconfigError; the signal's reason when aborted.
   */
  request<T>(request: ApiRequest): Promise<T>;
  /** Sends one GET and gives the bytes of its answer as they come, on a connection of its own. Errors as of `request`. */
  stream(request: ApiRequest): Promise<AsyncIterable<Buffer>>;
}

/** A request's target: its path with the query. */
export function targetOf({ path, query = {} }: ApiRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}
