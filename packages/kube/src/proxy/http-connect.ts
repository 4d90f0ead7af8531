import type { ClientRequest, IncomingMessage } from "node:http";
import { isIPv6, type Socket } from "node:net";
import { ProxyError } from "./proxy-error.ts";
import type { Proxy, Target } from "./proxy.ts";

const { request } = process.getBuiltinModule("node:http"); // No import, as in ../agents.ts.

/** What a proxy of a lasting opinion answers, and what can be done about it. */
const lasting: Record<number, string> = {
  403: "let it connect to this host and port, or leave it out for them by NO_PROXY",
  407: "give it a user and password that it knows, as in http://USER:PASSWORD@HOST:PORT",
};

/** Has an HTTP proxy at the socket's other end make it a tunnel (RFC 9110, 9.3.6). Throws a ProxyError when it refuses. */
export async function httpConnect(socket: Socket, proxy: Proxy, { hostname, port }: Target): Promise<void> {
  const authority = `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
  const call = request({
    method: "CONNECT",
    path: authority,
    headers: { host: authority, ...authorization(proxy) },
    setDefaultHeaders: false,
    createConnection: () => socket,
  });
  const { response, head } = await answerOf(call);
  const { statusCode = 0, statusMessage = "" } = response;
  if (statusCode < 200 || statusCode > 299) {
    const advice = lasting[statusCode];
    throw new ProxyError(
      proxy,
      `refuses to connect to ${authority}: ${`${statusCode} ${statusMessage}`.trim()}${advice === undefined ? "" : `: ${advice}`}`,
      { lasting: advice !== undefined },
    );
  }
  if (head.length > 0) socket.unshift(head);
}

function answerOf(call: ClientRequest): Promise<{ response: IncomingMessage; head: Buffer }> {
  return new Promise((resolve, reject) => {
    call.on("connect", (response, _socket, head) => resolve({ response, head }));
    call.on("error", reject).end();
  });
}

function authorization({ login }: Proxy): Record<string, string> {
  if (login === undefined) return {};
  return { "proxy-authorization": `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}` };
}
