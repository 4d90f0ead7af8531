import type { Transport } from "@plimsoll/kube";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

/** A port of a pod. */
export interface Target {
  namespace: string;
  pod: string;
  port: number;
}

/** What of a pod's answer goes on: what is about the connection stays. */
const kept = ["content-type", "cache-control", "location", "etag", "last-modified", "content-security-policy", "x-frame-options"];

/** A server of this machine that shows what a pod serves, through the API server; to be read only. */
export function passage(transport: Pick<Transport, "answer">, { namespace, pod, port }: Target): Server {
  const base = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(`${pod}:${port}`)}/proxy`;
  const show = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    // Spark's own scripts ask at other addresses where a page's has the word proxy in it.
    const own = withoutBase(pathname, base);
    if (own !== undefined) return void response.writeHead(302, { location: `${own}${search}` }).end();
    const answer = await transport.answer({
      method: "GET",
      path: `${base}${pathname}`,
      query: Object.fromEntries(new URLSearchParams(search)),
      accept: "*/*",
    });
    const headers = Object.fromEntries(kept.flatMap((name) => (answer.headers[name] === undefined ? [] : [[name, answer.headers[name]]])));
    const location = headers["location"];
    if (typeof location === "string") headers["location"] = ownLocation(location, base);
    response.writeHead(answer.statusCode, headers);
    await pipeline(answer.body, response);
  };
  return createServer((request, response) => {
    // A page of somebody else's, whose name leads here, must not read it.
    const host = request.headers.host?.replace(/:\d+$/, "");
    if (host !== "127.0.0.1" && host !== "localhost") return refuse(response, 403, "only this machine may ask\n");
    if (request.method !== "GET") return refuse(response, 405, "only GET is passed on\n");
    show(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, 502, `${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
}

/** What the API server has written before the links of pages that it passes on is taken away again; undefined: there is nothing of it. */
function withoutBase(pathname: string, base: string): string | undefined {
  const found = [base, decodeURIComponent(base)].find((prefix) => pathname === prefix || pathname.startsWith(`${prefix}/`));
  // Two slashes would lead to another host.
  return found === undefined ? undefined : `/${pathname.slice(found.length).replace(/^\/+/, "")}`;
}

/** Where a redirection leads that may be to the API server's own address. */
function ownLocation(location: string, base: string): string {
  const { pathname, search, hash } = new URL(location, "http://localhost");
  const own = withoutBase(pathname, base);
  return own === undefined ? location : `${own}${search}${hash}`;
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain" }).end(text);
}
