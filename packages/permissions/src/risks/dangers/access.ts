import type { Danger } from "../danger.ts";
import { sources } from "../sources.ts";

const rbac = "rbac.authorization.k8s.io";
/** Rancher makes roles and bindings from these. */
const rancher = "management.cattle.io";
const write = ["create", "update", "patch"];
const change = ["update", "patch"];

/** Grants that hand out further rights or credentials. */
export const dangers: readonly Danger[] = [
  {
    id: "secrets-read",
    severity: "high",
    title: "reads Secrets",
    attack:
      "Reads credentials, and ServiceAccount tokens kept in Secrets. list and watch return the contents too; so do patch, deletecollection, and delete with propagationPolicy=Foreground, even as dry runs that change nothing.",
    source: sources.secrets,
    narrow: "Grant get with resourceNames; to write, create and update; mount the Secret into the pod instead of reading it.",
    grants: [{ verbs: ["get", "list", "watch", "patch", "delete", "deletecollection"], group: "", resources: ["secrets"] }],
  },
  {
    id: "secrets-write",
    severity: "high",
    title: "changes Secrets",
    attack: "Replaces credentials and certificates that others trust.",
    source: sources.practices,
    narrow: "Grant update with resourceNames.",
    grants: [{ verbs: change, group: "", resources: ["secrets"] }],
  },
  {
    id: "secrets-create",
    severity: "medium",
    title: "creates Secrets",
    attack:
      "Has a token issued for any ServiceAccount of the namespace, in a new Secret of type service-account-token, for whoever reads or mounts it; plants Secrets that programs find by a label.",
    source: sources.tokenSecrets,
    narrow: "Leave create to whoever installs, and grant update with resourceNames.",
    grants: [
      { verbs: ["create"], group: "", resources: ["secrets"] },
      { verbs: write, group: "bitnami.com", resources: ["sealedsecrets"], shown: "spec.encryptedData, spec.template" },
    ],
  },
  {
    id: "token-create",
    severity: "critical",
    title: "issues ServiceAccount tokens",
    attack: "Takes a token for any ServiceAccount in reach and acts with all its rights.",
    source: sources.tokens,
    narrow: "Name the ServiceAccounts in resourceNames: the request carries the name.",
    grants: [{ verbs: ["create"], group: "", resources: ["serviceaccounts/token"] }],
  },
  {
    id: "serviceaccounts-write",
    severity: "medium",
    title: "writes ServiceAccounts",
    attack: "Adds image pull Secrets, or annotations by which a cloud gives the account an identity there.",
    source: sources.practices,
    narrow: "Grant patch with resourceNames only.",
    grants: [{ verbs: write, group: "", resources: ["serviceaccounts"] }],
  },
  {
    id: "impersonate",
    severity: "critical",
    title: "impersonates others",
    attack: "Acts as another user, group or ServiceAccount, up to system:masters, which no check stops.",
    source: sources.impersonate,
    narrow: "Name the users or groups in resourceNames.",
    grants: [
      { verbs: ["impersonate"], group: "", resources: ["users", "groups", "serviceaccounts"] },
      { verbs: ["impersonate"], group: "authentication.k8s.io", resources: ["uids", "userextras"] },
    ],
    worstNames: ["system:masters"],
  },
  {
    id: "impersonate-constrained",
    severity: "high",
    title: "impersonates others for some verbs",
    attack:
      "Acts as another user, ServiceAccount or node, for what the verbs impersonate-on:… of the same role allow; a rule with every verb allows all.",
    source: sources.impersonateConstrained,
    narrow: "Name the users in resourceNames, and the verbs one by one.",
    grants: [
      { verbs: ["impersonate:user-info"], group: "authentication.k8s.io", resources: ["users", "groups", "uids", "userextras"] },
      { verbs: ["impersonate:serviceaccount"], group: "authentication.k8s.io", resources: ["serviceaccounts"] },
      { verbs: ["impersonate:arbitrary-node", "impersonate:associated-node"], group: "authentication.k8s.io", resources: ["nodes"] },
    ],
  },
  {
    id: "escalate",
    severity: "critical",
    title: "escalates roles",
    attack: "Writes any right into a role that it holds, past Kubernetes' escalation check.",
    source: sources.escalate,
    narrow: "Drop escalate and hold the rights that are handed out; or name the roles.",
    grants: [{ verbs: ["escalate"], group: rbac, resources: ["roles", "clusterroles"] }],
    worstNames: ["cluster-admin"],
  },
  {
    id: "bind",
    severity: "critical",
    title: "binds any role",
    attack: "Binds itself to cluster-admin, past Kubernetes' escalation check.",
    source: sources.bind,
    narrow: "Name the roles that may be bound in resourceNames.",
    grants: [{ verbs: ["bind"], group: rbac, resources: ["roles", "clusterroles"] }],
    worstNames: ["cluster-admin"],
  },
  {
    id: "bindings-write",
    severity: "high",
    title: "writes role bindings",
    attack: "Hands on every right it holds to any subject, a lasting way back in.",
    source: sources.escalation,
    narrow: "Leave bindings to whoever installs.",
    grants: [
      { verbs: write, group: rbac, resources: ["rolebindings", "clusterrolebindings"] },
      { verbs: write, group: rancher, resources: ["globalrolebindings", "clusterroletemplatebindings", "projectroletemplatebindings"] },
    ],
  },
  {
    id: "roles-write",
    severity: "high",
    title: "writes roles",
    attack: "Widens roles that others hold, up to its own rights.",
    source: sources.escalation,
    narrow: "Leave roles to whoever installs; or name them.",
    grants: [
      { verbs: write, group: rbac, resources: ["roles", "clusterroles"] },
      { verbs: write, group: rancher, resources: ["globalroles", "roletemplates"] },
    ],
  },
  {
    id: "rbac-delete",
    severity: "medium",
    title: "deletes roles or bindings",
    attack: "Takes rights from others: controllers stop, guards go blind.",
    source: sources.practices,
    narrow: "Drop the verb, or name the objects.",
    grants: [
      { verbs: ["delete", "deletecollection"], group: rbac, resources: ["roles", "clusterroles", "rolebindings", "clusterrolebindings"] },
    ],
  },
  {
    id: "csr-approve",
    severity: "high",
    title: "approves certificate requests",
    attack: "Approves a client certificate; with approve on signer kube-apiserver-client it is one for any user.",
    source: sources.csr,
    narrow: "Name the signer in the rule for signers; never kubernetes.io/kube-apiserver-client.",
    grants: [{ verbs: change, group: "certificates.k8s.io", resources: ["certificatesigningrequests/approval"] }],
  },
  {
    id: "csr-sign",
    severity: "high",
    title: "signs certificate requests",
    attack: "Puts a certificate of its own making into a request's status.",
    source: sources.csr,
    narrow: "Name one's own signer in the rule for signers.",
    grants: [{ verbs: change, group: "certificates.k8s.io", resources: ["certificatesigningrequests/status"] }],
  },
  {
    id: "csr-nodeclient",
    severity: "high",
    title: "is given nodes' certificates",
    attack:
      "Asks for the client certificate of any node, which is approved by itself; as that node reads the Secrets of its pods and issues their ServiceAccounts' tokens.",
    source: sources.bootstrapping,
    narrow: "Only bootstrap tokens need it, for the time that nodes join.",
    grants: [{ verbs: ["create"], group: "certificates.k8s.io", resources: ["certificatesigningrequests/nodeclient"] }],
    namesHelp: false,
  },
  {
    id: "signers",
    severity: "high",
    title: "may approve or sign for signers",
    attack: "Half of what it takes to issue certificates; the other half is the request's approval or status.",
    source: sources.csr,
    narrow: "Name the signers in resourceNames.",
    grants: [{ verbs: ["approve", "sign", "attest"], group: "certificates.k8s.io", resources: ["signers"] }],
    worstNames: ["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"],
  },
];
