import type { Networks } from "./addresses.ts";

/** What is decided by. Durations are in milliseconds. */
export interface Policy {
  /** What is done about a request that will never do. */
  otherwise: "leave" | "deny";
  /** What has to be known of the machine of a node that isn't there yet. */
  instances: "cloud" | "any";
  /** Of which requests the cloud is asked whether their machine exists. */
  machines: "first" | "all";
  bootstrapGroups: readonly string[];
  /** Where nodes' addresses are; undefined: anywhere. */
  networks: Networks | undefined;
  /** Domains whose names nodes may have beside their own. */
  domains: readonly string[];
  maxAge: number;
  maxExpiration: number;
  maxPendingPerNode: number;
  maxPending: number;
}
