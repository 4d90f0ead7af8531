import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import { ProxyError } from "./proxy-error.ts";
import type { Proxy, Target } from "./proxy.ts";

const version = 5;
const open = 0;
const byPassword = 2;

/** What a SOCKS server answers a CONNECT with, unless 0. */
const replies = [
  "",
  "general failure",
  "not allowed by its rules",
  "network unreachable",
  "host unreachable",
  "connection refused",
  "time to live expired",
  "command not supported",
  "address type not supported",
];

/** Has a SOCKS 5 proxy at the socket's other end make it a tunnel (RFC 1928, 1929); names are resolved there. Throws a ProxyError when it refuses. */
export async function socks5(socket: Socket, proxy: Proxy, { hostname, port }: Target): Promise<void> {
  const { login } = proxy;
  const methods = login === undefined ? [open] : [open, byPassword];
  socket.write(Buffer.of(version, methods.length, ...methods));
  const [spoken, method] = await take(socket, 2);
  if (spoken !== version) throw new ProxyError(proxy, "does not speak SOCKS 5", { lasting: true });
  if (method === byPassword && login !== undefined) {
    socket.write(Buffer.concat([Buffer.of(1), counted(login.user), counted(login.password)]));
    const [, refused] = await take(socket, 2);
    if (refused !== 0) throw new ProxyError(proxy, "refuses the user and password that its URL has", { lasting: true });
  } else if (method !== open) {
    throw new ProxyError(
      proxy,
      login === undefined
        ? "wants a login: give it one, as in socks5://USER:PASSWORD@HOST:PORT"
        : "takes neither a user with a password nor nobody",
      { lasting: true },
    );
  }

  socket.write(Buffer.concat([Buffer.of(version, 1, 0), addressOf(hostname), Buffer.of(port >> 8, port & 255)]));
  const [, code = 1, , type] = await take(socket, 4);
  if (code !== 0)
    throw new ProxyError(proxy, `refuses to connect to ${hostname}:${port}: ${replies[code] ?? `reply ${code}`}`, { lasting: code === 2 });
  const [length = 0] = type === 3 ? await take(socket, 1) : [type === 4 ? 16 : 4];
  await take(socket, length + 2);
}

/** The next bytes, of which none is lost to whoever reads on. */
async function take(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = socket.read(length);
    if (bytes !== null) return bytes;
    await once(socket, "readable");
  }
}

/** A text after its length. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new RangeError("SOCKS 5 has room for 255 bytes of a user, a password and a host");
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function addressOf(hostname: string): Buffer {
  switch (isIP(hostname)) {
    case 4:
      return Buffer.of(1, ...hostname.split(".").map(Number));
    case 6:
      return Buffer.of(4, ...bytesOf(hostname));
    default:
      return Buffer.concat([Buffer.of(3), counted(hostname)]);
  }
}

/** Of an IPv6 address as a URL gives it: groups of hexadecimal digits, of which zeros may be left out once. */
function bytesOf(address: string): number[] {
  const groups = (text: string) => text.split(":").filter((group) => group !== "");
  const [before = "", after = ""] = address.split("::");
  const [head, tail] = [groups(before), groups(after)];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]);
}
