import { KubeconfigError } from "../auth/kubeconfig-error.ts";

/** A proxy on the way to the API server. */
export interface Proxy {
  scheme: "http" | "https" | "socks5";
  /** A name or an IP address; one of IPv6 without brackets. */
  hostname: string;
  port: number;
  login: { user: string; password: string } | undefined;
  /** Its URL as errors show it: without user and password. */
  address: string;
}

/** Where a tunnel through a proxy leads. */
export interface Target {
  /** A name or an IP address; one of IPv6 without brackets. */
  hostname: string;
  port: number;
}

const schemes: Record<string, Pick<Proxy, "scheme" | "port">> = {
  "http:": { scheme: "http", port: 80 },
  "https:": { scheme: "https", port: 443 },
  "socks5:": { scheme: "socks5", port: 1080 },
};

/**
 * Reads a proxy's URL; `source` says where it stands.
 * @throws KubeconfigError, which doesn't show the text: a password may stand in it.
 */
export function parseProxy(text: string, source: string): Proxy {
  const url = URL.parse(text);
  if (!url?.hostname) throw new KubeconfigError(`${source} is no proxy's URL: give one like http://host:3128`);
  const known = schemes[url.protocol];
  if (known === undefined)
    throw new KubeconfigError(`${source} has the scheme "${url.protocol.slice(0, -1)}", which is not supported: use http, https or socks5`);
  return {
    scheme: known.scheme,
    hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? known.port : Number(url.port),
    login: url.username === "" && url.password === "" ? undefined : loginOf(url, source),
    address: `${url.protocol}//${url.host}`,
  };
}

function loginOf({ username, password }: URL, source: string): Proxy["login"] {
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw new KubeconfigError(`${source} has a "%" in its user or password that begins no escape: write it as %25`);
  }
}
