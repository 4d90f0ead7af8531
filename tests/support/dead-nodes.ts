import { RunInstancesCommand, TerminateInstancesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { Moto } from "@plimsoll/cloud/testing";
import { allow, declare } from "@plimsoll/features/kinds";
import { Transport } from "@plimsoll/kube";
import { randomBytes } from "node:crypto";
import type { Node } from "kubernetes-types/core/v1.d.ts";

const region = "eu-central-1";

const permissions = declare("dead-nodes", [
  allow(["create", "get", "list", "patch", "delete"], "nodes", "to have nodes"),
  allow("patch", "nodes/status", "to have them be ready or not"),
  allow("list", "events.events.k8s.io", "to see what was told of them"),
]);

/** AWS as moto plays it, and nodes on its instances. */
export interface DeadNodes {
  /** The configuration of the clean-up: that it acts at once. */
  config: { cloud: { provider: "aws"; region: string; account: string; endpoint: string } } & Record<string, unknown>;
  ec2: EC2Client;
  client: ReturnType<typeof permissions.client>;
  /** Starts an instance; gives its ID. */
  launch(): Promise<string>;
  terminate(...instances: string[]): Promise<void>;
  /** Makes a node on an instance, or of another providerID, by default NotReady. */
  node(providerID: string, of?: { name?: string; ready?: string }): Promise<string>;
  setReady(name: string, status: string): Promise<void>;
  /** Whether there is such a node. */
  isThere(name: string): Promise<boolean>;
  /** What was told of a node, as in `NodeDeleted: its machine …`. */
  told(name: string): Promise<string[]>;
  /** Deletes the nodes, and has moto forget its instances. */
  stop(): Promise<void>;
}

/** The credentials that moto takes, which are any, are set for this process. */
export function deadNodes(kubeconfig: string, moto: Moto): DeadNodes {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "testing", AWS_SECRET_ACCESS_KEY: "testing" });
  const ec2 = moto.ec2(region);
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "dead-nodes" });
  const client = permissions.client(transport);
  const names: string[] = [];

  const setReady: DeadNodes["setReady"] = async (name, status) => {
    const at = new Date().toISOString().replace(/\.\d+Z/, "Z");
    const condition = { type: "Ready", status, reason: "Test", message: "", lastHeartbeatTime: at, lastTransitionTime: at };
    await client("nodes/status").patch({ name }, { status: { conditions: [condition] } });
  };

  return {
    config: {
      cloud: { provider: "aws", region, account: "123456789012", endpoint: moto.endpoint },
      dryRun: false,
      notReadyFor: "1s",
      graceAfterCreation: "0s",
      checkInterval: "1s",
      breaker: { maxCount: 1000, maxPercent: 100 },
    },
    ec2,
    client,
    setReady,
    launch: async () => {
      const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1 }));
      return Instances[0]?.InstanceId ?? "";
    },
    terminate: async (...InstanceIds) => void (await ec2.send(new TerminateInstancesCommand({ InstanceIds }))),
    node: async (providerID, { name = `dead-${randomBytes(4).toString("hex")}`, ready = "False" } = {}) => {
      const spec = providerID.startsWith("i-") ? { providerID: `aws:///${region}a/${providerID}` } : { providerID };
      const node: Node = { metadata: { name }, spec };
      await client("nodes").create(node);
      names.push(name);
      await setReady(name, ready);
      return name;
    },
    isThere: async (name) => (await Array.fromAsync(client("nodes").list({ fieldSelector: `metadata.name=${name}` }))).length > 0,
    told: async (name) => {
      const events = await Array.fromAsync(
        client("events.events.k8s.io").list({ namespace: "default", fieldSelector: `regarding.name=${name}` }),
      );
      return events
        .filter(({ reportingController }) => reportingController === "plimsoll.dev/cleanup")
        .map(({ reason, note }) => `${reason}: ${note}`);
    },
    stop: async () => {
      // It may be gone.
      await Promise.all(
        names.map(async (name) =>
          client("nodes")
            .delete({ name })
            .catch(() => {}),
        ),
      );
      await moto.reset();
      await transport.close();
    },
  };
}
