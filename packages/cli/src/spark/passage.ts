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
  // The API server writes this before the links of pages that it passes on.
  const base = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(`${pod}:${port}`)}/proxy`;
  const show = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    const within = decodeURIComponent(pathname).startsWith(decodeURIComponent(base)) ? pathname : `${base}${pathname}`;
    const answer = await transport.answer({
      method: "GET",
      path: within,
      query: Object.fromEntries(new URLSearchParams(search)),
      accept: "*/*",
    });
    const headers = Object.fromEntries(kept.flatMap((name) => (answer.headers[name] === undefined ? [] : [[name, answer.headers[name]]])));
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

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain" }).end(text);
}
