import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { certificate, privateKey } from "./certificate.ts";
import { join } from "./joined.ts";

interface ConnectProxyOptions {
  /** Where every tunnel leads, whatever was asked for. */
  port: number;
  /** Answers to refuse with, in place of a tunnel, such as "502 Bad Gateway"; one a CONNECT. */
  refusals?: string[];
  /** Spoken to by TLS, as `localhost`. */
  secure?: boolean;
}

/** An HTTP proxy that makes tunnels, and tells what it was asked for. */
export async function connectProxy({ port, refusals = [], secure = false }: ConnectProxyOptions) {
  const calls: { target: string | undefined; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = secure ? createHttpsServer({ cert: certificate, key: privateKey }) : createHttpServer();
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    calls.push({ target: request.url, authorization: request.headers["proxy-authorization"] });
    const refusal = refusals.shift();
    if (refusal !== undefined) return client.end(`HTTP/1.1 ${refusal}\r\ncontent-length: 0\r\n\r\n`);
    const upstream = connect(port, "127.0.0.1", () => client.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    join(client, upstream, sockets);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    /** How many ends of tunnels are open. */
    get ends() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
