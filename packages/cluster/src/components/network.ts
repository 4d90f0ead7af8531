/** Of the services; each cluster's are its own, so they may be alike. */
export const services = {
  network: "10.96.0.0/16",
  /** The first address of the network is always the API server's. */
  api: "10.96.0.1",
  dns: "10.96.0.10",
  domain: "cluster.local",
} as const;

/** The real node's name. */
export const nodeName = "node-0";

/** How the real node of a cluster, in its network namespace, is tied to this machine. The slot tells clusters apart. */
export interface NodeNetwork {
  slot: number;
  /** The machine's end of the link. */
  link: string;
  /** The machine's address on the link: the API server's and the DNS server's, as seen from pods. */
  host: string;
  /** The node's address. */
  node: string;
  prefix: number;
  subnet: string;
  pods: string;
}

export const slots = 250;

export function nodeNetwork(slot: number): NodeNetwork {
  return {
    slot,
    link: `plimsoll${slot}`,
    host: `10.213.${slot}.1`,
    node: `10.213.${slot}.2`,
    prefix: 30,
    subnet: `10.213.${slot}.0/30`,
    pods: `10.244.${slot}.0/24`,
  };
}
