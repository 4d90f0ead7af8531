import { mkdirSync, writeFileSync } from "node:fs";
import { Transport } from "@plimsoll/kube";
import { applyAddons } from "./components/addons.ts";
import { cgroupOf, makeCgroup } from "./host/cgroup.ts";
import { answering } from "./cluster.ts";
import type { Setting } from "./components/component.ts";
import { apiServer, controlPlane } from "./components/control-plane.ts";
import { busyboxArchive } from "./image/busybox.ts";
import { loadImage } from "./image/load.ts";
import { ensureStarted, untilReady } from "./lifecycle.ts";
import { answersMetrics, metricsServer } from "./components/metrics-server.ts";
import { openNamespace } from "./host/namespace.ts";
import { writeNodeFiles } from "./components/node-config.ts";
import { proxies, realNode, resolves } from "./components/node.ts";
import { step, type OnProgress } from "./command/progress.ts";
import { readyNodes, setSimulatedNodes } from "./components/simulated.ts";

/** Starts every component that does not run, and waits until pods can be created and run. */
export async function startAll(setting: Setting, onProgress: OnProgress): Promise<void> {
  const { state, paths } = setting;
  if (state.slot !== undefined) {
    await openNamespace(paths);
    makeCgroup(cgroupOf(state.slot));
    writeNodeFiles(setting);
  }
  mkdirSync(paths.volumes, { recursive: true });
  writeFileSync(paths.in("audit-policy.yaml"), auditPolicy);
  const images = state.slot === undefined ? undefined : startContainerd(setting);
  await step(onProgress, "starting etcd and the API server", async () => {
    for (const component of apiServer(setting)) await ensureStarted(setting, component);
    await Promise.all([answering(setting), images]);
  });
  const transport = Transport.fromKubeconfig(paths.kubeconfig);
  try {
    await step(onProgress, "starting the control plane and the nodes", async () => {
      await applyAddons(transport, setting);
      for (const component of [...controlPlane(setting), ...realNode(setting), ...metricsServer(setting)])
        await ensureStarted(setting, component);
      await setSimulatedNodes(transport, state.simulatedNodes);
      // One whose certificates nobody approves yet never is.
      const isReal = state.slot !== undefined && state.requestedCertificates === undefined;
      const nodes = state.simulatedNodes + (isReal ? 1 : 0);
      await untilReady(setting, isReal ? "kubelet" : "kwok", 60, async () => (await readyNodes(transport)) >= nodes);
      if (isReal)
        await Promise.all([
          untilReady(setting, "kube-proxy", 60, () => proxies(state)),
          untilReady(setting, "coredns", 60, () => resolves(state)),
        ]);
      if (state.metricsPort !== undefined) await untilReady(setting, "metrics-server", 120, () => answersMetrics(transport));
      // The controller manager makes it; no pod can be created before.
      await untilReady(setting, "kube-controller-manager", 60, () =>
        transport.request<unknown>({ method: "GET", path: "/api/v1/namespaces/default/serviceaccounts/default" }),
      );
    });
  } finally {
    await transport.close();
  }
}

/** containerd needs no API server, and images load while that starts. */
async function startContainerd(setting: Setting): Promise<void> {
  const containerd = realNode(setting).find(({ name }) => name === "containerd");
  if (containerd === undefined) return;
  await ensureStarted(setting, containerd);
  const archive = await busyboxArchive();
  await untilReady(setting, "containerd", 30, async () => (await loadImage(setting, archive)).length > 0);
}

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  # Which signer's approval was asked for is in the object alone.
  - { level: RequestResponse, resources: [{ group: certificates.k8s.io, resources: [certificatesigningrequests/approval] }] }
  - { level: Metadata }
`;
