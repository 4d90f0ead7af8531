import {
  bootstrapper,
  addressesOf,
  client,
  clientPem,
  nodeIdentity,
  Requests,
  serving,
  servingPem,
  someAddress,
} from "../support/certificate-requests.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** What the feature is configured as where there is no cloud. */
const config = { instances: "any" };

/** The scenarios that prove what the approval of certificate requests may do. */
export const scenarios: readonly Scenario[] = [
  {
    name: "serving-certificate",
    shows: "a node that has come gets the certificate with which it serves",
    proves: [
      "watch certificatesigningrequests.certificates.k8s.io",
      "update certificatesigningrequests.certificates.k8s.io/approval",
      'approve signers.certificates.k8s.io "kubernetes.io/kubelet-serving"',
      "watch nodes",
    ],
    play: (stage) => serves(stage, "later"),
  },
  {
    name: "first-certificate",
    shows: "a machine that bootstraps gets the certificate with which it is a node",
    proves: ['approve signers.certificates.k8s.io "kubernetes.io/kube-apiserver-client-kubelet"'],
    async play({ kubeconfig, namespace, begin, expecting, seconds }) {
      const requests = new Requests(kubeconfig);
      try {
        await expecting("the caches are filled", begin(config));
        await requests.letAsk("system:bootstrappers");
        const name = await requests.send(bootstrapper, client, await clientPem(`${namespace}-node`), { metadata: { name: namespace } });
        await expecting("the request is approved, and signed", requests.certified(name, seconds));
      } finally {
        await requests.close();
      }
    },
  },
  {
    name: "certificate-older-server",
    shows: "where the API server streams no first lists, requests and nodes are listed instead",
    proves: ["list certificatesigningrequests.certificates.k8s.io", "list nodes"],
    isOlder: true,
    play: (stage) => serves(stage, "before"),
  },
];

/** Plays with the node that asks there before the feature begins, or after. */
async function serves({ kubeconfig, namespace, begin, expecting, seconds }: Stage, when: "before" | "later"): Promise<void> {
  const requests = new Requests(kubeconfig);
  const node = `${namespace}-node`;
  const address = someAddress();
  try {
    if (when === "later") await expecting("the caches are filled", begin(config));
    await requests.node(node, addressesOf(node, address));
    const name = await requests.send(nodeIdentity(node), serving, await servingPem(node, address), { metadata: { name: namespace } });
    if (when === "before") await expecting("the caches are filled", begin(config));
    await expecting("the request is approved, and signed", requests.certified(name, seconds));
  } finally {
    await requests.deleteNode(node);
    await requests.close();
  }
}
