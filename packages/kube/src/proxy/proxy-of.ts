import type { Connection } from "../auth/kubeconfig.ts";
import { isExempt } from "./no-proxy.ts";
import { parseProxy, type Proxy } from "./proxy.ts";

/**
 * The proxy to a cluster, as kubectl chooses it: the kubeconfig's `proxy-url`, else that of the environment for the server's scheme
 * (HTTPS_PROXY, HTTP_PROXY) unless NO_PROXY exempts the server. Of a variable in both cases, the lower one counts.
 * @throws KubeconfigError for a proxy that cannot be used.
 */
export function proxyOf(cluster: Connection["cluster"], env: NodeJS.ProcessEnv = process.env): Proxy | undefined {
  const named = cluster["proxy-url"];
  if (named) return parseProxy(named, "proxy-url in the kubeconfig");
  const server = new URL(cluster.server);
  const variable = variableOf(server.protocol === "https:" ? "https_proxy" : "http_proxy", env);
  if (variable === undefined || isExempt(server, variableOf("no_proxy", env)?.value ?? "")) return undefined;
  const { name, value } = variable;
  return parseProxy(value.includes("://") ? value : `http://${value}`, name);
}

function variableOf(lower: string, env: NodeJS.ProcessEnv): { name: string; value: string } | undefined {
  for (const name of [lower, lower.toUpperCase()]) {
    const value = env[name];
    if (value) return { name, value };
  }
  return undefined;
}
