import { vpaFile, vpaProgram } from "@plimsoll/cluster";
import { controllerToken } from "@plimsoll/controller";
import { Transport } from "@plimsoll/kube";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Authority } from "../../packages/cluster/src/credentials/pki.ts";
import { freePorts } from "../../packages/cluster/src/host/port.ts";
import { kubeconfigWith } from "../../scripts/local-controller.ts";
import { kubectlOf } from "./kubectl.ts";

const namespace = "kube-system";

/** VerticalPodAutoscaler's own updater and admission controller on a cluster where its kinds are defined, each under the role that it ships. */
export interface VpaPrograms {
  /** Ends them, and takes the webhook away. */
  stop: () => Promise<void>;
}

/** Starts them. The updater looks often, and doesn't wait for a pod to grow old; all else is by default. */
export async function startVpaPrograms(kubeconfig: string): Promise<VpaPrograms> {
  const [updater, admission, roles] = await Promise.all([
    vpaProgram("vpa-updater"),
    vpaProgram("vpa-admission-controller"),
    vpaFile("vpa-rbac.yaml"),
  ]);
  const kubectl = kubectlOf(kubeconfig);
  await kubectl("apply", "-f", roles);
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-vpa-"));
  const written = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" });
  const accountOf = async (account: string): Promise<string> => {
    const token = await controllerToken(transport, { account, namespace });
    return written(`${account}.kubeconfig`, kubeconfigWith(kubeconfig, token, namespace));
  };
  const [port = 0, ...addresses] = await freePorts(3, new Set());
  const authority = await Authority.create("vpa");
  const { cert, key } = await authority.issue({ commonName: "vpa-webhook", addresses: ["127.0.0.1"] });
  const common = async (account: string, address: number | undefined): Promise<string[]> => [
    `--kubeconfig=${await accountOf(account)}`,
    `--address=127.0.0.1:${address}`,
  ];
  const programs = [
    run(join(folder, "admission.log"), admission, [
      ...(await common("vpa-admission-controller", addresses[0])),
      `--port=${port}`,
      "--register-by-url",
      "--webhook-address=https://127.0.0.1",
      `--webhook-port=${port}`,
      `--client-ca-file=${await written("ca.crt", authority.pair.cert)}`,
      `--tls-cert-file=${await written("tls.crt", cert)}`,
      `--tls-private-key=${await written("tls.key", key)}`,
    ]),
    run(join(folder, "updater.log"), updater, [
      ...(await common("vpa-updater", addresses[1])),
      "--updater-interval=2s",
      "--in-recommendation-bounds-eviction-lifetime-threshold=1s",
    ]),
  ];
  await transport.close();
  return {
    stop: async () => {
      await Promise.all(programs.map((end) => end()));
      await kubectl("delete", "mutatingwebhookconfiguration", "vpa-webhook-config", "--ignore-not-found");
      await rm(folder, { recursive: true });
    },
  };
}

/** Starts a program; gives what ends it. */
function run(log: string, program: string, args: readonly string[]): () => Promise<void> {
  const output = openSync(log, "a");
  const child = spawn(program, args, { stdio: ["ignore", output, output] });
  const ended = once(child, "exit");
  return async () => {
    child.kill("SIGKILL");
    await ended;
  };
}
