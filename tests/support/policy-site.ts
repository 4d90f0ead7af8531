import { crds, kinds, sparkCrds } from "@plimsoll/api";
import { up } from "@plimsoll/cluster";
import { controllerToken, install } from "@plimsoll/controller";
import { completeObjects, readValues } from "@plimsoll/controller/installation";
import { ApiError, Transport } from "@plimsoll/kube";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { place } from "./cluster.ts";
import { kubectlOf } from "./kubectl.ts";

/** What a user may do: the rules of a Role, or the name of a ClusterRole. */
type Rights = object[] | string;

interface Answer {
  code: number;
  message: string;
}

/** Sends requests as a user; gives the code of the answer, and its message. */
export interface Sending {
  create: (kind: string, name: string, spec: object) => Promise<Answer>;
  patch: (plural: string, name: string, patch: object) => Promise<Answer>;
  get: (plural: string, name: string) => Promise<Answer>;
  delete: (plural: string, name: string) => Promise<Answer>;
  /** Of what isn't Plimsoll's: a path in the namespace, as in `configmaps/a`. */
  send: (method: "POST" | "PATCH" | "DELETE", path: string, body?: object) => Promise<Answer>;
}

/** A namespace with the policy of an installation and the roles for users, and users of it, each with a token of the API server's. */
export interface PolicySite<U extends string> {
  namespace: string;
  user: (name: U) => Sending;
  close: () => Promise<void>;
}

/** Another namespace of the installation, which there needn't be. */
export const elsewhere = "elsewhere";

/** May write runs, and not create pods. */
const prober = "prober";
const proberRules = [{ apiGroups: ["plimsoll.dev"], resources: ["pipelineruns"], verbs: ["create"] }];

/**
 * Makes a site; resolves when the policy is in force. `values` are those of the installation. In a cluster of its own, as another
 * installation's policy would hold its users, too.
 */
export async function policySite<U extends string>(users: Record<U, Rights>, values: object): Promise<PolicySite<U>> {
  const cluster = await up({ name: `policy-${process.pid}`, kubelet: false });
  try {
    const site = await siteIn(cluster.kubeconfig, users, values);
    return {
      ...site,
      close: async () => {
        await site.close();
        await cluster.down();
      },
    };
  } catch (error) {
    await cluster.down();
    throw error;
  }
}

async function siteIn<U extends string>(kubeconfig: string, users: Record<U, Rights>, values: object): Promise<PolicySite<U>> {
  const { namespace } = await place(kubeconfig);
  const complete = readValues(JSON.stringify({ ...values, namespaces: [namespace, elsewhere] }), "values.json");
  const objects = completeObjects({ values: complete, given: {}, namespace, version: "0.0.0" }).map(({ object }) => object);
  const policies = objects.filter(({ kind }) => kind.startsWith("ValidatingAdmissionPolicy"));
  const roles = objects.filter(({ metadata }) => Object.keys(metadata.labels ?? {}).some((label) => label.includes("/aggregate-to-")));
  const all: [name: string, rights: Rights][] = [...Object.entries<Rights>(users), [prober, proberRules]];
  const rbac = all.flatMap(([name, rights]) => bound(name, namespace, rights));
  const admin = Transport.fromKubeconfig(kubeconfig);
  await install(admin, { crds: [...crds(), ...sparkCrds()] });
  await apply(kubeconfig, [...policies, ...roles, ...rbac]);
  const as = new Map<string, Sending>();
  const transports: Transport[] = [];
  for (const [name] of all) {
    const token = await controllerToken(admin, { account: name, namespace });
    const transport = Transport.fromKubeconfig(kubeconfig, { token, userAgent: "policy" });
    transports.push(transport);
    as.set(name, sendingThrough(transport, namespace));
  }
  await admin.close();
  const user = (name: string): Sending => {
    const found = as.get(name);
    if (found === undefined) throw new Error(`there is no user ${name}`);
    return found;
  };
  // A policy takes some seconds to be in force.
  for (const deadline = Date.now() + 120_000; ; await sleep(500)) {
    const { code, message } = await user(prober).create("PipelineRun", `probe-${Date.now()}`, { pipelineRef: { name: "none" } });
    if (code === 403 && message.includes("may not create pods")) break;
    if (Date.now() > deadline) throw new Error("the policy is not in force after two minutes");
  }
  return { namespace, user, close: async () => void (await Promise.all(transports.map((transport) => transport.close()))) };
}

function bound(name: string, namespace: string, rights: Rights): object[] {
  const metadata = { name, namespace };
  const apiGroup = "rbac.authorization.k8s.io";
  const apiVersion = `${apiGroup}/v1`;
  const roleRef = typeof rights === "string" ? { apiGroup, kind: "ClusterRole", name: rights } : { apiGroup, kind: "Role", name };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    ...(typeof rights === "string" ? [] : [{ apiVersion, kind: "Role", metadata, rules: rights }]),
    { apiVersion, kind: "RoleBinding", metadata, roleRef, subjects: [{ kind: "ServiceAccount", name, namespace }] },
  ];
}

async function apply(kubeconfig: string, items: readonly object[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-policy-"));
  try {
    const file = join(folder, "objects.json");
    await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await kubectlOf(kubeconfig)("apply", "--server-side", "-f", file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The resource of a kind of Plimsoll's or Spark's. */
export const resourceOf = (kind: string): string => kinds.find((one) => one.kind === kind)?.plural ?? `${kind.toLowerCase()}s`;

/** Of a kind, or of its resource, with a subresource or without. */
const versionOf = (kind: string): string => (/sparkapplication/i.test(kind) ? "sparkoperator.k8s.io/v1beta2" : "plimsoll.dev/v1alpha1");

function sendingThrough(transport: Transport, namespace: string): Sending {
  const base = (plural: string): string => `/apis/${versionOf(plural)}/namespaces/${namespace}/${plural}`;
  const told = async (request: Parameters<Transport["request"]>[0]): Promise<Answer> => {
    try {
      await transport.request(request);
      return { code: 200, message: "" };
    } catch (error) {
      if (error instanceof ApiError) return { code: error.code, message: error.message };
      throw error;
    }
  };
  return {
    create: (kind, name, spec) =>
      told({
        method: "POST",
        path: base(resourceOf(kind)),
        body: { apiVersion: versionOf(kind), kind, metadata: { name }, spec },
      }),
    patch: (plural, name, patch) =>
      told({ method: "PATCH", path: `${base(plural)}/${name}`, body: patch, contentType: "application/merge-patch+json" }),
    get: (plural, name) => told({ method: "GET", path: `${base(plural)}/${name}` }),
    delete: (plural, name) => told({ method: "DELETE", path: `${base(plural)}/${name}` }),
    send: (method, path, body) =>
      told({
        method,
        path: `/api/v1/namespaces/${namespace}/${path}`,
        ...(body && { body }),
        ...(method === "PATCH" && { contentType: "application/merge-patch+json" }),
      }),
  };
}
