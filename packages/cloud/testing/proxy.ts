import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Server } from "./server.ts";

/** A proxy for HTTPS on a free port of loopback: behind it, these hosts are ports of loopback, and others aren't there. */
export async function startProxy(hosts: Readonly<Record<string, number>>): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {}).on("close", () => sockets.delete(socket))));
  server.on("connect", ({ url = "" }, socket) => {
    const port = hosts[url.replace(/:443$/, "")];
    if (port === undefined) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const behind = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      behind.pipe(socket).pipe(behind);
    });
    behind.on("error", () => socket.destroy());
    socket.on("close", () => behind.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
