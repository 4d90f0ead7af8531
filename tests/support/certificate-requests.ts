import { allow, declare } from "@plimsoll/features/kinds";
import { requestPem } from "@plimsoll/features/csr/testing";
import { isAlreadyExists, isNotFound, Transport } from "@plimsoll/kube";
import type { CertificateSigningRequest } from "kubernetes-types/certificates/v1.d.ts";
import type { Node, NodeAddress } from "kubernetes-types/core/v1.d.ts";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { untilAllowed } from "../../bench/reviews.ts";

const permissions = declare("certificate-requests", [
  allow(["create", "get", "list", "watch", "patch", "delete"], "certificatesigningrequests.certificates.k8s.io", "to ask for certificates"),
  allow(["create", "get", "patch", "delete"], "nodes", "to have nodes"),
  allow("patch", "nodes/status", "to give them addresses"),
  allow("list", "events.events.k8s.io", "to see what was told"),
  allow("create", "clusterrolebindings.rbac.authorization.k8s.io", "to let others ask for certificates"),
]);

export type Client = ReturnType<typeof permissions.client>;

export const serving = "kubernetes.io/kubelet-serving";
export const client = "kubernetes.io/kube-apiserver-client-kubelet";

/** Somebody who asks. */
export interface Identity {
  user: string;
  groups: string[];
}

export const nodeIdentity = (name: string): Identity => ({ user: `system:node:${name}`, groups: ["system:nodes"] });
export const bootstrapper: Identity = { user: "system:bootstrap:abcdef", groups: ["system:bootstrappers"] };

/** Who asks for what, in a cluster of which the administrator acts as anybody. */
export class Requests {
  readonly admin: Client;
  readonly #kubeconfig: string;
  readonly #clients = new Map<string, { client: Client; transport: Transport }>();
  readonly #transport: Transport;

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
    this.#transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "certificate-requests" });
    this.admin = permissions.client(this.#transport);
  }

  async close(): Promise<void> {
    await this.#transport.close();
    for (const { transport } of this.#clients.values()) await transport.close();
  }

  /** Lets a group ask for certificates, and see who does. Nodes may by themselves. */
  async letAsk(group: string): Promise<void> {
    const apiGroup = "rbac.authorization.k8s.io";
    const binding = {
      metadata: { name: `may-ask:${group}` },
      roleRef: { apiGroup, kind: "ClusterRole", name: "system:node-bootstrapper" },
      subjects: [{ apiGroup, kind: "Group", name: group }],
    };
    try {
      await this.admin("clusterrolebindings.rbac.authorization.k8s.io").create(binding);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const request = { verb: "create", group: "certificates.k8s.io", resource: "certificatesigningrequests" };
    await untilAllowed(this.#transport, "anybody", request, [group]);
  }

  /** A client that acts as somebody. */
  as({ user, groups }: Identity): Client {
    const key = JSON.stringify([user, groups]);
    const known = this.#clients.get(key);
    if (known !== undefined) return known.client;
    const config = parse(readFileSync(this.#kubeconfig, "utf8")) as { users: [{ name: string; user: object }] };
    const [{ name, user: admin }] = config.users;
    const text = JSON.stringify({
      ...config,
      users: [{ name, user: { ...admin, as: user, "as-groups": [...groups, "system:authenticated"] } }],
    });
    const transport = Transport.fromKubeconfig(text, { userAgent: "certificate-requests" });
    const client = permissions.client(transport);
    this.#clients.set(key, { client, transport });
    return client;
  }

  /** Sends a request; gives its name. */
  async send(
    who: Identity,
    signerName: string,
    pem: string,
    more: Partial<CertificateSigningRequest["spec"]> & { metadata?: object } = {},
  ): Promise<string> {
    const { metadata, ...spec } = more;
    const name = `r-${randomBytes(5).toString("hex")}`;
    const created = await this.as(who)("certificatesigningrequests.certificates.k8s.io").create({
      metadata: { name, ...metadata },
      spec: {
        signerName,
        request: Buffer.from(pem, "latin1").toString("base64"),
        usages: ["digital signature", signerName === serving ? "server auth" : "client auth"],
        ...spec,
      },
    });
    return created.metadata.name;
  }

  async get(name: string) {
    return this.admin("certificatesigningrequests.certificates.k8s.io").get({ name });
  }

  /** Waits until a request is approved, and the certificate is there. */
  async certified(name: string, seconds: number): Promise<CertificateSigningRequest> {
    for (const deadline = performance.now() + seconds * 1_000; performance.now() < deadline; await sleep(20)) {
      const request = await this.get(name);
      if (request.status?.certificate !== undefined) return request;
    }
    throw new Error(
      `the request ${name} has no certificate after ${seconds} s: ${JSON.stringify((await this.get(name)).status)}; ${(await this.told(name)).join("; ")}`,
    );
  }

  /** What was told of a request, as in `Address: …`. */
  async told(name: string): Promise<string[]> {
    const events = await Array.fromAsync(
      this.admin("events.events.k8s.io").list({
        namespace: "default",
        fieldSelector: `regarding.name=${name},reportingController=plimsoll.dev/csr`,
      }),
    );
    return events.map(({ reason, note }) => `${reason}: ${note}`);
  }

  /** Makes a Node with addresses. */
  async node(name: string, addresses: NodeAddress[], metadata: Node["metadata"] = {}): Promise<void> {
    await this.admin("nodes").create({ metadata: { name, ...metadata } });
    await this.setAddresses(name, addresses);
  }

  async setAddresses(name: string, addresses: NodeAddress[]): Promise<void> {
    await this.admin("nodes/status").patch({ name }, { status: { addresses } });
  }

  async deleteNode(name: string): Promise<void> {
    await this.admin("nodes")
      .delete({ name })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }
}

/** The addresses that a kubelet would give its node. */
export const addressesOf = (name: string, address: string): NodeAddress[] => [
  { type: "InternalIP", address },
  { type: "Hostname", address: name },
];

const subjectOf = (node: string) => [{ O: ["system:nodes"] }, { CN: [`system:node:${node}`] }];

/** What a kubelet asks for to serve. */
export const servingPem = (node: string, address: string) =>
  requestPem({
    subject: subjectOf(node),
    names: [
      { type: "dns", value: node },
      { type: "ip", value: address },
    ],
  });

/** What a kubelet asks for to be a client. */
export const clientPem = (node: string) => requestPem({ subject: subjectOf(node) });

/** An address of nobody's. */
export const someAddress = (): string => `10.77.${randomBytes(2).join(".")}`;
