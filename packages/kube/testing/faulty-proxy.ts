import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "./joined.ts";

/** A TCP proxy before a server, which can break its connections and keep clients out. */
export async function faultyProxy(target: URL) {
  const sockets = new Set<Socket>();
  let open = true;

  const server = createServer((client) => {
    if (!open) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    join(client, upstream, sockets);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    /** Breaks every connection, in the middle of whatever it carries. */
    cut,
    /** Breaks every connection and lets no other in. */
    close() {
      open = false;
      cut();
    },
    open() {
      open = true;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      cut();
      await once(server, "close");
    },
  };
}
