import { findCondition, type Recommendation, type RightSizingPolicy } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "./cluster.ts";

type In = Pick<Place, "client" | "namespace">;

/** Writes a policy, as the administrator. */
export function createPolicy(
  { client, namespace }: In,
  name: string,
  spec: RightSizingPolicy["spec"] = {},
): Promise<Stored<RightSizingPolicy>> {
  return client("rightsizingpolicies.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "RightSizingPolicy",
    metadata: { namespace, name },
    spec,
  });
}

/** Waits until a policy is as it should be; gives it. */
export async function untilPolicy(
  { client, namespace }: In,
  name: string,
  holds: (policy: Stored<RightSizingPolicy>) => boolean,
  seconds = 120,
): Promise<Stored<RightSizingPolicy>> {
  let policy: Stored<RightSizingPolicy> | undefined;
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(200)) {
    policy = await client("rightsizingpolicies.plimsoll.dev").get({ namespace, name });
    if (holds(policy)) return policy;
  }
  const { checkpoints: _, ...status } = policy?.status ?? {};
  throw new Error(`the policy ${name} is not as it should be after ${seconds} s: ${JSON.stringify(status, null, 1)}`);
}

/** What a policy says of a workload's container, as in `Deployment/web app`. */
export function adviceOf({ status }: RightSizingPolicy, title: string): Recommendation | undefined {
  return status?.recommendations?.find(
    ({ kind, name, step, container }) => title === `${kind}/${name}${step ? `/${step}` : ""} ${container}`,
  );
}

/** A policy's condition as the text `status/reason: message`. */
export function saysOf({ status }: RightSizingPolicy, type: string): string {
  const found = findCondition(status, type);
  return found === undefined ? "" : `${found.status}/${found.reason}: ${found.message}`;
}
