import type { Agent as HttpAgent, IncomingMessage } from "node:http";
import { Agent, request as requestHttps, type AgentOptions } from "node:https";
import { isIP, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { callbackify } from "node:util";
import type { Credentials } from "../auth/credentials.ts";
import type { Proxy, Target } from "../proxy/proxy.ts";
import { tunnel } from "../proxy/tunnel.ts";
import type { Answer, Call, Wire } from "./wire.ts";

// An `import` of node:http reads all that it exports, and with that loads fetch and WebSocket: 15 MB a thread.
const http = process.getBuiltinModule("node:http");

/** Milliseconds until a proxy's tunnel has to stand. */
const connectTimeout = 10_000;

/**
 * The keep-alive connections to one server, by Node's own HTTP client. For a thread with few requests: undici, which it doesn't load,
 * and its WebAssembly would take 11 MB there.
 */
export class Agents implements Wire {
  readonly #server: URL;
  readonly #proxy: Proxy | undefined;
  #current: { tls: Credentials["tls"]; agent: HttpAgent } | undefined;
  /** Those of former certificates, too. */
  readonly #open = new Set<HttpAgent>();

  constructor(server: string, proxy?: Proxy) {
    this.#server = new URL(server);
    this.#proxy = proxy;
  }

  async send(tls: Credentials["tls"], { method, path, headers, body, headersTimeout, bodyTimeout, signal, fence }: Call): Promise<Answer> {
    // It could be checked only before the request waits for its connection, which is too early.
    if (fence) throw new TypeError("Agents can't hold a request to a fence: send it by a Transport");
    const { protocol, hostname, port } = this.#server;
    const call = (protocol === "https:" ? requestHttps : http.request)({
      method,
      path,
      host: hostname.replace(/^\[(.*)\]$/, "$1"),
      port,
      headers: body === null ? headers : { ...headers, "content-length": Buffer.byteLength(body) },
      agent: this.#agentOf(tls),
      ...(signal && { signal }),
    });
    const answered = Promise.withResolvers<IncomingMessage>();
    call.once("response", answered.resolve).on("error", answered.reject);
    call.setTimeout(headersTimeout, () => call.destroy(silence("no head of an answer", headersTimeout, "UND_ERR_HEADERS_TIMEOUT")));
    call.end(body ?? undefined);
    const response = await answered.promise;
    call.setTimeout(0);
    response.setTimeout(bodyTimeout, () => response.destroy(silence("nothing more came", bodyTimeout, "UND_ERR_BODY_TIMEOUT")));
    const { statusCode = 0 } = response;
    return { statusCode, headers: response.headers, body: Object.assign(response, { text: () => text(response) }) };
  }

  async destroy(): Promise<void> {
    for (const agent of this.#open) agent.destroy();
  }

  #agentOf(tls: Credentials["tls"]): HttpAgent {
    if (this.#current?.tls === tls) return this.#current.agent;
    const options = { keepAlive: true, keepAliveMsecs: 30_000 };
    const isSecure = this.#server.protocol === "https:";
    const agent = isSecure ? new Agent({ ...options, ...tls }) : new http.Agent(options);
    if (this.#proxy) throughProxy(agent, this.#proxy, isSecure ? tls : undefined);
    this.#current = { tls, agent };
    this.#open.add(agent);
    return agent;
  }
}

/** Has an agent make its connections through a proxy. What goes wrong with it is a ProxyError. */
function throughProxy(agent: HttpAgent, proxy: Proxy, tls: Credentials["tls"] | undefined): void {
  const connect = async (target: Target): Promise<Socket> => {
    const socket = await tunnel(proxy, target, { ca: tls?.ca, timeout: connectTimeout });
    if (!tls) return socket;
    const servername = tls.servername ?? (isIP(target.hostname) === 0 ? target.hostname : "");
    return connectTls({ ...tls, host: target.hostname, servername, socket });
  };
  const call = callbackify(connect);
  agent.createConnection = (options: AgentOptions, callback) => {
    const target = { hostname: options.host ?? "", port: Number(options.port) || (tls ? 443 : 80) };
    call(target, (error, socket) => (error ? callback?.(error, undefined as never) : callback?.(null, socket)));
    return undefined;
  };
}

function silence(what: string, milliseconds: number, code: string): Error {
  return Object.assign(new Error(`${what} for ${milliseconds / 1_000} s`), { code });
}
