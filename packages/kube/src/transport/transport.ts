import { inClusterConnection, runsInCluster } from "../auth/in-cluster.ts";
import { KubeconfigError } from "../auth/kubeconfig-error.ts";
import { connectionFrom, connectionOf, defaultKubeconfig, withToken, type Connection } from "../auth/kubeconfig.ts";
import { Pools } from "./pools.ts";
import { proxyOf } from "../proxy/proxy-of.ts";
import { Requester, type TransportOptions } from "./requester.ts";

export type { TransportOptions } from "./requester.ts";

/** A requester with keep-alive connections in pools. */
export class Transport extends Requester {
  constructor(connection: Connection, options: TransportOptions = {}) {
    super(connection, new Pools(connection.cluster.server, proxyOf(connection.cluster)), options);
  }

  /** `source` is a path, or a kubeconfig's text; with a token, its bearer is spoken for instead of the context's user. */
  static fromKubeconfig(
    source: string,
    { context, token, ...options }: TransportOptions & { context?: string | undefined; token?: string } = {},
  ): Transport {
    const connection = connectionFrom(source, context);
    return new Transport(token === undefined ? connection : withToken(connection, token), options);
  }

  static inCluster(options: TransportOptions = {}): Transport {
    return new Transport(inClusterConnection(), options);
  }
}

/** Loads as kubectl does: the given path, else $KUBECONFIG, else ~/.kube/config, else the pod's ServiceAccount. */
export function loadTransport({
  kubeconfig,
  ...options
}: TransportOptions & { kubeconfig?: string | undefined; context?: string | undefined } = {}): Transport {
  if (kubeconfig) return Transport.fromKubeconfig(kubeconfig, options);
  const config = defaultKubeconfig();
  if (config) return new Transport(connectionOf(config, options.context), options);
  if (runsInCluster()) return Transport.inCluster(options);
  throw new KubeconfigError("no cluster is configured: there is no ~/.kube/config; name a kubeconfig by --kubeconfig or KUBECONFIG");
}
