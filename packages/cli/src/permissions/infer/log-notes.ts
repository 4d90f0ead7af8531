import { count } from "@plimsoll/api/text";
import { grants, resourceText, secondChecks, type Inference, type InferredRoles, type Request } from "@plimsoll/permissions";
import type { BrokenArchive, LogSource } from "@plimsoll/permissions/audit-log";
import { formatRequest } from "../text.ts";
import { visible } from "../../output/visible.ts";

/** What a managed cluster's log can't show, so that a role made of it may lack it. */
const unshown: Record<LogSource, string> = {
  EKS: "CloudWatch cuts events of more than 256 KB, which are then left out",
  AKS: "should it be of the category kube-audit-admin, it has no get and no list at all: take kube-audit",
  "AKS (kube-audit-admin)": "this category leaves out get and list, so that the roles lack them: take kube-audit",
  GKE: "it shows no reads unless Data Access audit logs are switched on, no query, no groups, no impersonation, and not that an update or an apply made the object, which takes create",
};

/** What is missing of archives, so that the roles may lack it. */
export function noteBroken(broken: readonly BrokenArchive[]): void {
  for (const { file, why, events } of broken)
    console.error(
      `note: ${file} ${why}; ${count(events, "event")} of it ${events === 1 ? "was" : "were"} read, and the roles may lack the rest`,
    );
}

/** So many events without any read are no chance. */
const many = 10;

/** What the log is and can't show; `matched` events counted. */
export function noteSources(sources: ReadonlySet<LogSource>, requests: readonly Request[], matched: number): void {
  for (const source of sources) console.error(`note: this is a log of ${source}: ${unshown[source]}`);
  const isRead = (request: Request): boolean => !("path" in request) && ["get", "list", "watch"].includes(request.verb);
  if (matched >= many && !requests.some(isRead))
    console.error("note: the log shows no get, list or watch: its policy may leave reads out, and the roles then lack them");
}

/** What the roles grant beyond what the log shows, and why. */
export function noteNames(inference: Inference, pinned: boolean): void {
  const { fresh } = inference;
  for (const [grant, requests] of Map.groupBy(fresh.keys(), (request) => `${request.verb} ${resourceText(request)}`)) {
    const told = requests.map((request) => freshText(request.name ?? "", fresh.get(request)));
    const all = [...new Set(told)];
    const shown = visible(all.slice(0, 3).join(", ")) + (all.length > 3 ? `, and ${all.length - 3} more` : "");
    console.error(
      pinned
        ? `note: ${grant} is held to names that are others the next time: ${shown}`
        : `note: ${grant} is granted for all names, as these are others the next time: ${shown}; --pin-names holds it to them`,
    );
  }
  for (const request of inference.listedByWatch)
    console.error(
      `note: ${formatRequest(request)} is granted though the log shows a watch in its place: older servers, and busy ones, want the list`,
    );
}

/** The checks behind what was done are in no audit log: it doesn't tell who holds `escalate` from who holds all that a role grants. */
export function noteUnseen(requests: readonly Request[], { cluster, namespaces }: InferredRoles): void {
  const unseen = new Map<string, string>();
  for (const { request, when } of requests.flatMap(secondChecks)) {
    // What `create` was asked for besides is in the log.
    if (request.verb === "create") continue;
    const rules = [...cluster, ...(namespaces.get(request.namespace ?? "") ?? [])];
    if (grants(rules, request) === undefined) unseen.set(`${request.verb} ${resourceText(request)}`, when);
  }
  for (const [grant, when] of unseen)
    console.error(`note: the roles may lack ${grant}, which no log shows. When the API server asks for it: ${when}`);
}

/** `build-57 ("57" is new each time)`. */
function freshText(name: string, part: string | undefined): string {
  return `${name} (${part === undefined ? "which the log shows being created" : `${JSON.stringify(part)} is new each time`})`;
}
