import type { AuditLog } from "@plimsoll/cluster";

/** How often a pod's creation was asked for: with its answer, and cut off as its caller was gone, when it may have been made or not. */
export interface Creations {
  answered: number;
  cutOff: number;
}

/** What the audit log says of the creation of a namespace's pods, by their names. */
export async function podCreations(audit: AuditLog, namespace: string): Promise<Map<string, Creations>> {
  const counts = new Map<string, Creations>();
  for await (const event of audit.since(0, namespace)) {
    if (event.verb !== "create" || event.resource !== "pods" || event.subresource !== "" || event.namespace !== namespace) continue;
    if (event.uri.includes("dryRun=")) continue;
    const count = counts.get(event.name) ?? { answered: 0, cutOff: 0 };
    counts.set(event.name, count);
    if (event.code === 201) count.answered += 1;
    else if (event.code >= 499) count.cutOff += 1;
  }
  return counts;
}
