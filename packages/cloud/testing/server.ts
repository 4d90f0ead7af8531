import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What is answered; undefined: nothing, ever. */
export type Answer = { status: number; body: object | string; headers?: Record<string, string> } | undefined;

export interface Server {
  port: number;
  stop(): Promise<void>;
}

/** A server on a free port of loopback, with TLS if a key and its certificate are given. */
export async function serve(
  answer: (request: IncomingMessage, body: string) => Answer,
  tls?: { key: string; cert: string },
): Promise<Server> {
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    void (async () => {
      const answered = answer(request, await text(request));
      if (answered === undefined) return;
      const { status, body, headers = {} } = answered;
      const [type, written] = typeof body === "string" ? ["text/html", body] : ["application/json", JSON.stringify(body)];
      response.writeHead(status, { "content-type": type, ...headers }).end(written);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
