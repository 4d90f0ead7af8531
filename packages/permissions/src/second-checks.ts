import type { Request, ResourceRequest } from "./request.ts";

/** A check that the API server makes after it has allowed the request itself. */
export interface SecondCheck {
  request: ResourceRequest;
  /** When it is made. */
  when: string;
  source: string;
}

const handlers = "https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/endpoints/handlers";
const rbac = "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping";
const signing = "https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#authorization";
const gates = "https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/";
const streams = new Set(["exec", "attach", "portforward"]);

/** Whether a GET opens a stream into a pod, as a WebSocket's does. */
export function opensStream({ verb, group, resource, subresource = "" }: ResourceRequest): boolean {
  return verb === "get" && group === "" && resource === "pods" && streams.has(subresource);
}

/** The checks that hide behind a request; which of them are made depends on the body and on what exists. */
export function secondChecks(request: Request): SecondCheck[] {
  if ("path" in request) return [];
  const { verb, group, resource, subresource } = request;
  const found: SecondCheck[] = [];
  const changes = verb === "update" || verb === "patch";
  if (changes && subresource === undefined) {
    found.push({
      request: { ...request, verb: "create" },
      when: "the object does not exist and an apply, or a PUT where the resource allows it, creates it",
      source: `${handlers}/update.go`,
    });
  }
  if (opensStream(request)) {
    found.push({
      request: { ...request, verb: "create" },
      when: "a WebSocket opens the stream with GET, and the gate AuthorizePodWebsocketUpgradeCreatePermission is on, as from 1.35",
      source: gates,
    });
  }
  const writes = verb === "create" || changes;
  if (writes && group === "rbac.authorization.k8s.io" && (resource === "roles" || resource === "clusterroles")) {
    found.push({ request: { ...request, verb: "escalate" }, when: "the role grants what the user doesn't hold", source: rbac });
  }
  if (writes && group === "rbac.authorization.k8s.io" && (resource === "rolebindings" || resource === "clusterrolebindings")) {
    const { name: _, ...unnamed } = request;
    for (const role of resource === "rolebindings" ? ["roles", "clusterroles"] : ["clusterroles"]) {
      found.push({
        request: { ...unnamed, verb: "bind", resource: role },
        when: `a binding to one of the ${role}, checked with its name, grants what the user doesn't hold`,
        source: rbac,
      });
    }
  }
  if (changes && group === "certificates.k8s.io" && resource === "certificatesigningrequests") {
    if (subresource === "approval") found.push(signer("approve", "always"));
    if (subresource === "status") found.push(signer("sign", "the certificate or the conditions change"));
  }
  if (changes && group === "certificates.k8s.io" && resource === "podcertificaterequests" && subresource === "status")
    found.push(signer("sign", "the status changes"));
  if (writes && group === "certificates.k8s.io" && resource === "clustertrustbundles") found.push(signer("attest", "it has a signerName"));
  if (changes && group === "resource.k8s.io" && resource === "resourceclaims" && subresource === "status") {
    const gate = "the gate DRAResourceClaimGranularStatusAuthorization is on, as from 1.36";
    found.push({
      request: { verb, group, resource, subresource: "binding" },
      when: `status.allocation or status.reservedFor changes, and ${gate}; for all claims in the cluster`,
      source: gates,
    });
    const { name: _, ...unnamed } = request;
    found.push({
      request: { ...unnamed, verb: `arbitrary-node:${verb}`, subresource: "driver" },
      when: `status.devices changes, with each driver's name, and ${gate}; on the claim's own node, associated-node:${verb} will do`,
      source: gates,
    });
  }
  return found;
}

function signer(verb: "approve" | "sign" | "attest", when: string): SecondCheck {
  return {
    request: { verb, group: "certificates.k8s.io", resource: "signers" },
    when: `${when}, with the request's signerName as the name, or its domain and /*`,
    source: signing,
  };
}
