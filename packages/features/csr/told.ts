import type { Occurrence } from "@plimsoll/kube";
import type { Fault } from "./decide/fault.ts";
import type { RequestView } from "./decide/request-view.ts";

/** What users are told of a request that is not approved. */
export function toldOfFault(request: RequestView, { code, note, nodes, mayPass }: Fault): Occurrence {
  const isOpen = nodes !== undefined || mayPass === true;
  return occurrence(
    request,
    "Warning",
    code,
    "Leaving",
    `${note}. ${isOpen ? "It is looked at again" : "It is left for somebody to approve or deny"}`,
  );
}

export function toldOfDenial(request: RequestView, { code, note }: Fault): Occurrence {
  return occurrence(request, "Warning", code, "Denying", `${note}. It was denied`);
}

export function toldOfApproval(request: RequestView): Occurrence {
  return occurrence(request, "Normal", "Approved", "Approving", "all checks hold: it was approved");
}

function occurrence({ name, uid }: RequestView, type: Occurrence["type"], reason: string, action: string, note: string): Occurrence {
  const regarding = { apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest", name, uid };
  return { regarding, type, reason, action, note };
}
