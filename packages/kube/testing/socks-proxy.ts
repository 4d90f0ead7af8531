import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

interface SocksProxyOptions {
  /** Where every tunnel leads, whatever was asked for. */
  port: number;
  /** "user:password" that it wants; undefined: it lets everybody in. */
  login?: string;
  /** What it answers a CONNECT with; not 0: it makes no tunnel. */
  reply?: number;
}

/** A SOCKS 5 proxy that makes tunnels, and tells what it was asked for. It reads each of a client's messages as one chunk. */
export async function socksProxy({ port, login, reply = 0 }: SocksProxyOptions) {
  const targets: string[] = [];
  const sockets = new Set<Socket>();

  const converse = async (client: Socket) => {
    const next = async (): Promise<Buffer> => (await once(client, "data"))[0];
    const [, , ...methods] = await next();
    const wanted = login === undefined ? 0 : 2;
    client.write(Buffer.of(5, methods.includes(wanted) ? wanted : 255));
    if (!methods.includes(wanted)) return;
    if (login !== undefined) {
      const given = await next();
      const [user, password] = [given.subarray(2, 2 + given.readUInt8(1)), given.subarray(3 + given.readUInt8(1))];
      client.write(Buffer.of(1, `${user}:${password}` === login ? 0 : 1));
      if (`${user}:${password}` !== login) return;
    }
    const asked = await next();
    targets.push(targetOf(asked));
    client.pause();
    if (reply !== 0) {
      client.write(Buffer.of(5, reply, 0, 1, 0, 0, 0, 0, 0, 0));
      return;
    }
    const upstream = connect(port, "127.0.0.1");
    track(upstream);
    await once(upstream, "connect");
    client.write(Buffer.from("\x05\x00\x00\x03\x05bound\x00\x00", "latin1"));
    upstream.pipe(client).pipe(upstream);
  };

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    track(client);
    converse(client).catch(() => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    targets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** As `type address port`, the address in hexadecimal digits unless it is a name. */
function targetOf(asked: Buffer): string {
  const type = asked.readUInt8(3);
  const address = asked.subarray(4, -2);
  return `${type} ${type === 3 ? address.subarray(1) : address.toString("hex")} ${asked.readUInt16BE(asked.length - 2)}`;
}
