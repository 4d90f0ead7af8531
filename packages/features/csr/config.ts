import { duration, parseDuration } from "@plimsoll/api";
import { cloudConfig } from "@plimsoll/cloud";
import * as z from "zod";
import { isNetwork, Networks } from "./decide/addresses.ts";
import type { Policy } from "./decide/policy.ts";
import { signers } from "./decide/signers.ts";

const least = 600_000;

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  signers: z
    .array(z.enum(signers))
    .min(1)
    .default([...signers])
    .meta({ description: "Of which signers requests are looked at.", uniqueItems: true }),
  otherwise: z.enum(["leave", "deny"]).default("leave").meta({
    description: "What is done about a request that can't be approved: left for somebody, or denied where nothing can mend it.",
    live: true,
  }),
  cloud: cloudConfig
    .nullable()
    .default(null)
    .meta({ description: "Where the nodes' machines are. Without it, no first certificate is approved unless `instances` is any." }),
  instances: z.enum(["cloud", "any"]).default("cloud").meta({
    description:
      "What a node needs for its first certificate: that the cloud has a machine of its name, or nothing. With any, who bootstraps may take any name that no Node has.",
    live: true,
  }),
  machines: z
    .enum(["first", "all"])
    .default("first")
    .meta({ description: "Of which requests the cloud is asked whether their machine exists: first certificates, or all.", live: true }),
  bootstrapGroups: z
    .array(z.string().min(1))
    .default(["system:bootstrappers"])
    .meta({ description: "Groups of which one has to be the requester's of a first certificate.", live: true }),
  networks: z
    .array(z.string().refine(isNetwork, "must be a network, as in 10.0.0.0/8"))
    .default([])
    .meta({ description: "Where nodes' addresses are, as in 10.0.0.0/8; empty: anywhere.", live: true }),
  domains: z
    .array(z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "must be a domain, as in compute.internal"))
    .default([])
    .meta({
      description: "Domains in which nodes have further names, as in compute.internal. Without them, a name must begin with the node's.",
      live: true,
    }),
  maxAge: duration.default("24h").meta({ description: "How old a request may be.", live: true }),
  maxExpiration: duration
    .refine((text) => parseDuration(text) >= least, "must be 10m or longer: no certificate may be asked for for less")
    .default("8784h")
    .meta({
      description: "How long a certificate may be asked for. One without a wish gets what kube-controller-manager gives.",
      live: true,
    }),
  maxPendingPerNode: z
    .int()
    .min(1)
    .max(1_000)
    .default(10)
    .meta({ description: "Requests for a node and a signer that may wait: of more, the newest are looked at.", live: true }),
  maxPending: z
    .int()
    .min(1)
    .max(100_000)
    .default(10_000)
    .meta({ description: "Requests that may wait altogether: of more, no first certificate is approved.", live: true }),
});

export type CsrConfig = z.output<typeof config>;

/** What is decided by. */
export function policyOf({ networks, maxAge, maxExpiration, ...config }: CsrConfig): Policy {
  return {
    ...config,
    networks: networks.length === 0 ? undefined : new Networks(networks),
    maxAge: parseDuration(maxAge),
    maxExpiration: parseDuration(maxExpiration),
  };
}
