import type { Danger } from "../danger.ts";
import { sources } from "./sources.ts";

const write = ["create", "update", "patch"];

/** Grants that run code, or reach into what runs. */
export const dangers: readonly Danger[] = [
  { id: "pods-create", severity: "high", title: "creates pods", attack: "Runs code as any ServiceAccount of the namespace with any of its Secrets mounted; unless Pod Security stops it, with the node's files.", source: sources.workloads, narrow: "Grant it in a namespace of its own with Pod Security restricted and no powerful ServiceAccount.", grants: [{ verbs: ["create"], group: "", resources: ["pods"] }] },
  {
    id: "workloads-write", severity: "high", title: "writes objects that make pods", attack: "The same as creating pods, through a controller that makes them.", source: sources.workloads, narrow: "Grant it in a namespace of its own; drop what is not used of create, update and patch.",
    grants: [
      { verbs: write, group: "apps", resources: ["deployments", "daemonsets", "statefulsets", "replicasets"] },
      { verbs: write, group: "batch", resources: ["jobs", "cronjobs"] },
      { verbs: write, group: "", resources: ["replicationcontrollers", "podtemplates"] },
      { verbs: write, group: "plimsoll.dev", resources: ["pipelines", "pipelineruns"] },
      { verbs: write, group: "argoproj.io", resources: ["workflows", "cronworkflows", "workflowtemplates", "clusterworkflowtemplates", "rollouts"] },
      { verbs: write, group: "tekton.dev", resources: ["tasks", "taskruns", "pipelines", "pipelineruns"] },
      { verbs: write, group: "sparkoperator.k8s.io", resources: ["sparkapplications", "scheduledsparkapplications"] },
      { verbs: write, group: "ray.io", resources: ["rayclusters", "rayjobs", "rayservices"] },
      { verbs: write, group: "serving.knative.dev", resources: ["services", "configurations"] },
    ],
  },
  { id: "pods-update", severity: "medium", title: "changes running pods", attack: "Puts an image of its own into a running pod, with that pod's rights; moves a pod under another Service by its labels.", source: sources.practices, narrow: "Patch the owner instead; or name the pods.", grants: [{ verbs: ["update", "patch"], group: "", resources: ["pods"] }] },
  { id: "pods-exec", severity: "high", title: "runs commands in pods", attack: "Runs commands in any pod in reach and takes its token and Secrets. A WebSocket may ask for get only.", source: sources.practices, narrow: "Grant it in one namespace; names are of little use where pods' names are generated.", grants: [{ verbs: ["create", "get"], group: "", resources: ["pods/exec", "pods/attach"] }] },
  { id: "pods-portforward", severity: "medium", title: "forwards ports into pods", attack: "Reaches ports that no network policy and no Service opens, localhost's among them.", source: sources.practices, narrow: "Grant it in one namespace.", grants: [{ verbs: ["create", "get"], group: "", resources: ["pods/portforward"] }] },
  { id: "pods-proxy", severity: "medium", title: "calls pods or services through the API server", attack: "Speaks to any pod or Service with the API server's address, past network policies.", source: sources.practices, narrow: "Name the pods or services, with scheme and port as the proxy wants them.", grants: [{ verbs: ["create", "get", "update", "patch", "delete"], group: "", resources: ["pods/proxy", "services/proxy"] }] },
  { id: "pods-ephemeralcontainers", severity: "high", title: "adds ephemeral containers", attack: "Puts a container of its own into a running pod, in its network and with its volumes.", source: sources.ephemeral, narrow: "Grant it to people for the time they debug.", grants: [{ verbs: ["update", "patch"], group: "", resources: ["pods/ephemeralcontainers"] }] },
  { id: "pods-binding", severity: "medium", title: "places pods on nodes", attack: "Puts a pod onto a node past the scheduler, past taints.", source: sources.practices, narrow: "Only a scheduler needs it.", grants: [{ verbs: ["create"], group: "", resources: ["pods/binding", "bindings"] }], namesHelp: false },
  { id: "pods-logs", severity: "low", title: "reads logs", attack: "Reads what programs print, tokens and personal data at times.", source: sources.practices, narrow: "Grant it in one namespace.", grants: [{ verbs: ["get"], group: "", resources: ["pods/log"] }] },
  { id: "pods-delete", severity: "low", title: "deletes or evicts pods", attack: "Stops programs again and again; moves them to a node of its choice when others are cordoned.", source: sources.denial, narrow: "Grant eviction (pods/eviction), which obeys disruption budgets, instead of delete.", grants: [{ verbs: ["delete"], group: "", resources: ["pods"] }, { verbs: ["create"], group: "", resources: ["pods/eviction"] }] },
  { id: "services-write", severity: "medium", title: "writes Services", attack: "Draws traffic to its own pods; with externalIPs that of others too (CVE-2020-8554).", source: sources.externalIps, narrow: "Name the Services; refuse externalIPs with the DenyServiceExternalIPs plugin.", grants: [{ verbs: write, group: "", resources: ["services", "services/status"] }] },
  { id: "endpoints-write", severity: "medium", title: "writes endpoints", attack: "Sends a Service's traffic to an address of its choice, in other namespaces too (CVE-2021-25740).", source: sources.endpoints, narrow: "Drop it: the endpoint controllers write them.", grants: [{ verbs: write, group: "", resources: ["endpoints"] }, { verbs: write, group: "discovery.k8s.io", resources: ["endpointslices"] }] },
  { id: "ingresses-write", severity: "medium", title: "writes Ingresses or routes", attack: "Takes over hosts and paths of others; some controllers read Secrets, or run what annotations say.", source: "https://github.com/kubernetes/ingress-nginx/issues/7837", narrow: "Name the Ingresses; switch snippets off in the controller.", grants: [{ verbs: write, group: "networking.k8s.io", resources: ["ingresses", "ingressclasses"] }, { verbs: write, group: "gateway.networking.k8s.io", resources: ["gateways", "httproutes", "grpcroutes", "tlsroutes", "referencegrants"] }] },
  { id: "networkpolicies-write", severity: "medium", title: "writes network policies", attack: "Opens what was closed, or cuts others off.", source: sources.practices, narrow: "Name the policies.", grants: [{ verbs: [...write, "delete", "deletecollection"], group: "networking.k8s.io", resources: ["networkpolicies"] }] },
];
