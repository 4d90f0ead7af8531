import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, getCACertificates } from "node:tls";
import { certificate } from "../transport/connection-error.ts";
import { messageOf } from "../message.ts";
import { httpConnect } from "./http-connect.ts";
import { ProxyError } from "./proxy-error.ts";
import type { Proxy, Target } from "./proxy.ts";
import { socks5 } from "./socks5.ts";

export interface TunnelOptions {
  /** Trusted beside Node's own authorities for a proxy that is spoken to by TLS. */
  ca?: Buffer | undefined;
  /** Milliseconds until the tunnel has to stand. */
  timeout: number;
}

/** A connection to `target` through the proxy, on which nothing was sent yet. Throws a ProxyError. */
export async function tunnel(proxy: Proxy, target: Target, { ca, timeout }: TunnelOptions): Promise<Socket> {
  const socket = dial(proxy, ca).setKeepAlive(true, 30_000).setNoDelay(true);
  const failed = Promise.withResolvers<never>();
  const fail = (error: unknown) => failed.reject(error);
  const closed = () => failed.reject(new Error("it closed the connection"));
  socket.on("error", fail).on("close", closed);
  const timer = setTimeout(() => fail(new Error(`no tunnel after ${timeout / 1_000} s`)), timeout);
  try {
    await Promise.race([open(socket, proxy, target), failed.promise]);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof ProxyError ? error : failure(proxy, error);
  } finally {
    clearTimeout(timer);
    socket.off("close", closed);
  }
}

async function open(socket: Socket, proxy: Proxy, target: Target): Promise<void> {
  await once(socket, proxy.scheme === "https" ? "secureConnect" : "connect");
  await (proxy.scheme === "socks5" ? socks5 : httpConnect)(socket, proxy, target);
}

function dial({ scheme, hostname, port }: Proxy, ca: Buffer | undefined): Socket {
  if (scheme !== "https") return connect(port, hostname);
  return connectTls({
    port,
    host: hostname,
    servername: isIP(hostname) === 0 ? hostname : "",
    ca: [...getCACertificates("default"), ...(ca === undefined ? [] : [ca])],
    ALPNProtocols: ["http/1.1"],
  });
}

function failure(proxy: Proxy, cause: unknown): ProxyError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = messageOf(cause) || code;
  return certificate.test(code)
    ? new ProxyError(proxy, `has a certificate that cannot be trusted: ${reason}; name its authority in NODE_EXTRA_CA_CERTS`, {
        lasting: true,
        cause,
      })
    : new ProxyError(proxy, `cannot be used: ${reason}`, { cause });
}
