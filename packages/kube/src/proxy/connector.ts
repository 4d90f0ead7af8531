import type { Socket } from "node:net";
import { callbackify } from "node:util";
import type { Credentials } from "../auth/credentials.ts";
import { buildConnector } from "undici";
import type { Proxy } from "./proxy.ts";
import { tunnel } from "./tunnel.ts";

/** `timeout` in milliseconds, of the tunnel and, within it, of TLS. */
type Options = Credentials["tls"] & { timeout: number };

/** How a pool connects to the API server through a proxy. What goes wrong with the proxy is a ProxyError. */
export function throughProxy(proxy: Proxy, options: Options): buildConnector.connector {
  const secure = buildConnector({ ...options, allowH2: false });

  const connect = async (target: buildConnector.Options): Promise<Socket> => {
    const { protocol, hostname, port } = target;
    const isSecure = protocol === "https:";
    const httpSocket = await tunnel(proxy, { hostname, port: Number(port) || (isSecure ? 443 : 80) }, options);
    if (!isSecure) return httpSocket;
    return new Promise((resolve, reject) => {
      secure({ ...target, httpSocket }, (error, socket) => (error ? reject(error) : resolve(socket)));
    });
  };

  const call = callbackify(connect);
  return (target, callback) => call(target, (error, socket) => (error ? callback(error, null) : callback(null, socket)));
}
