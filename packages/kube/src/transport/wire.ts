import type { Credentials } from "../auth/credentials.ts";

/** What a request must pass at the moment at which its first byte is written. */
export interface Check {
  /** Throws what the request shall fail with. */
  check(): void;
}

/** One HTTP request, as it is sent. */
export interface Call {
  /** Short calls share few connections; a long one, as a watch, holds one of its own. */
  kind: "short" | "long";
  method: string;
  /** With the query. */
  path: string;
  headers: Credentials["headers"];
  body: string | null;
  /** Milliseconds without the answer's head. */
  headersTimeout: number;
  /** Milliseconds without a further byte of its body; 0 for none. */
  bodyTimeout: number;
  signal: AbortSignal | undefined;
  fence: Check | undefined;
}

export interface Answer {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  /** Fails with the code `UND_ERR_BODY_TIMEOUT` when nothing came for `bodyTimeout`. */
  body: AsyncIterable<Buffer> & { text(): Promise<string> };
}

/** What carries requests to one server, on connections that are kept for the next. */
export interface Wire {
  /** Resolves with the answer's head. On connections made with other certificates, nothing new begins. */
  send(tls: Credentials["tls"], call: Call): Promise<Answer>;
  /** Ends every connection: what is under way fails. */
  destroy(): Promise<void>;
}
