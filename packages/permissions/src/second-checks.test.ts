import { expect, test } from "vitest";
import { requestOf } from "./request.ts";
import { secondChecks } from "./second-checks.ts";

test.each([
  ["an apply may need create", "PATCH", "/apis/batch/v1/namespaces/a/jobs/j", ["create jobs j"]],
  ["a WebSocket's exec needs create", "GET", "/api/v1/namespaces/a/pods/p/exec", ["create pods p"]],
  ["a new role may need escalate", "POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", ["escalate clusterroles"]],
  ["a new binding may need bind", "POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", ["bind clusterroles"]],
  ["a trust bundle of a signer needs it", "POST", "/apis/certificates.k8s.io/v1beta1/clustertrustbundles", ["attest signers"]],
  ["an approval needs its signer", "PUT", "/apis/certificates.k8s.io/v1/certificatesigningrequests/c/approval", ["approve signers"]],
  [
    "a pod's certificate needs its signer",
    "PUT",
    "/apis/certificates.k8s.io/v1beta1/namespaces/a/podcertificaterequests/c/status",
    ["sign signers"],
  ],
  [
    "a claim's status needs its parts",
    "PATCH",
    "/apis/resource.k8s.io/v1/namespaces/a/resourceclaims/c/status",
    ["patch resourceclaims", "arbitrary-node:patch resourceclaims"],
  ],
  ["reading needs nothing more", "GET", "/api/v1/namespaces/a/pods/p", []],
])("%s", (_, method, target, expected) => {
  const checks = secondChecks(requestOf(method, target)).map(
    ({ request }) => `${request.verb} ${request.resource}${request.name ? ` ${request.name}` : ""}`,
  );
  expect(checks).toEqual(expected);
});
