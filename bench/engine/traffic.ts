import type { AuditLog } from "@plimsoll/cluster";
import type { Load } from "../loads.ts";
import { userAgent } from "../testbed.ts";
import { Succession } from "./succession.ts";

/** Who asked the API server for what during a load. */
export interface Traffic {
  /** Requests but those of the benchmark. */
  all: number;
  byUser: ReadonlyMap<string, number>;
  /** The controller's, as "create pods". */
  ours: ReadonlyMap<string, number>;
  /** How many pods were given a node, second by second from the first to the last. */
  bindings: readonly number[];
  /** Milliseconds from the last end of the pods that a step waited for to the creation of what runs it. */
  latencies: readonly number[];
}

const controller = "system:serviceaccount:plimsoll-system:plimsoll";

/** Reads the traffic of a load's namespace from the audit log, after a mark. */
export async function readTraffic(audit: AuditLog, mark: number, { namespace, pipeline }: Load): Promise<Traffic> {
  const byUser = new Map<string, number>();
  const ours = new Map<string, number>();
  const seconds = new Map<number, number>();
  const succession = new Succession(pipeline);
  let all = 0;
  for await (const event of audit.since(mark)) {
    const { stage, verb, user, resource, subresource } = event;
    if (event.namespace !== namespace || stage !== "ResponseComplete" || verb === "watch") continue;
    if (event.userAgent.startsWith(userAgent)) continue;
    const kind = `${verb} ${resource}${subresource ? `/${subresource}` : ""}`;
    all += 1;
    count(byUser, shortened(user));
    if (user === controller) count(ours, kind);
    if (kind === "create pods/binding") count(seconds, Math.floor(Date.parse(event.received) / 1000));
    if (user === controller && (kind === "create pods" || kind === "create jobs"))
      succession.created(event.name, Date.parse(event.received));
    // The kubelet's part is played by KWOK; the last status that it writes of a pod is the final one.
    if (user === "plimsoll:kwok" && kind === "patch pods/status") succession.ended(event.name, Date.parse(event.at));
  }
  const [first, last] = [Math.min(...seconds.keys()), Math.max(...seconds.keys())];
  const bindings = seconds.size === 0 ? [] : Array.from({ length: last - first + 1 }, (_, index) => seconds.get(first + index) ?? 0);
  return { all, byUser, ours, bindings, latencies: succession.latencies() };
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function shortened(user: string): string {
  return user.replace(/^system:(serviceaccount:(kube-system|plimsoll-system):)?|^plimsoll:/, "");
}
