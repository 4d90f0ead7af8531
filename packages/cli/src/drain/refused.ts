import type { Drain } from "@plimsoll/api";
import { explain, planDrain, policyFor, type Verdict } from "@plimsoll/features/draining";
import { Cluster, nodeOf, podOf } from "@plimsoll/model";
import type { Client } from "../connect/connect.ts";

const options = { unmanaged: "--force evicts it all the same", localData: "--delete-emptydir-data evicts it all the same" };

/** Why a pod isn't evicted without leave, and the option that gives it. */
export function refusal(verdict: Verdict & { kind: "refused" }): string {
  return `${explain(verdict)}: ${options[verdict.why]}`;
}

/** The pods of nodes that may not be evicted without leave, a line each. Of the cluster, only what is on these nodes is read. */
export async function refusedOn(client: Client, { spec }: Drain, nodes: readonly string[]): Promise<string[]> {
  const cluster = new Cluster();
  for (const name of nodes) {
    cluster.setNode(nodeOf({ metadata: { name } }));
    for await (const pod of client("pods").list({ fieldSelector: `spec.nodeName=${name}` })) cluster.setPod(podOf(pod));
  }
  const now = Date.now();
  const { verdicts } = planDrain({ cluster, budgets: () => [], now, inFlight: [], drains: [{ nodes, policy: policyFor(spec, now) }] });
  return [...verdicts.values()].flatMap(({ pod, verdict }) =>
    verdict.kind === "refused" ? [`${pod.node ?? ""}: ${pod.namespace}/${pod.name} ${refusal(verdict)}`] : [],
  );
}
