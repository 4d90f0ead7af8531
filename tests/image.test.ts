import { up, type Cluster } from "@plimsoll/cluster";
import { Transport } from "@plimsoll/kube";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { installController } from "../scripts/installed-controller.ts";
import { cachedImage } from "../scripts/release/image/cached.ts";
import { controller } from "../scripts/release/image/controller.ts";
import { place } from "./support/cluster.ts";
import { kubectl as sharedKubectl } from "./support/kubectl.ts";
import { started } from "./support/local-cluster.ts";

// The shared cluster has a controller, and of two one would take up what is for the other.
let cluster: Cluster;
const namespace = "plimsoll-system";
const kubectl = (...args: string[]) => sharedKubectl("--kubeconfig", cluster.kubeconfig, ...args);
const exec = (...command: string[]) => kubectl("--namespace", namespace, "exec", "deployment/plimsoll", "--", ...command);

beforeAll(async () => {
  const [image, made] = await Promise.all([cachedImage(controller), up({ name: started("image") })]);
  cluster = made;
  await cluster.loadImage(image);
  const transport = Transport.fromKubeconfig(cluster.kubeconfig);
  await installController(transport, namespace, { logLevel: "debug" });
  await transport.close();
  await kubectl("--namespace", namespace, "rollout", "status", "deployment/plimsoll", "--timeout=180s");
});

afterAll(() => cluster.down());

test("in a namespace that allows only restricted pods, the controller becomes ready by its probe and runs a pipeline", async () => {
  const labels = await kubectl(
    "get",
    "namespace",
    namespace,
    "--output=jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}",
  );
  expect(labels).toBe("restricted");
  const { start, ended } = await place(cluster.kubeconfig);
  const run = await start({
    steps: [
      { name: "say", image: "busybox", script: 'echo "word=hello" >> $PLIMSOLL_OUTPUTS' },
      { name: "hear", needs: ["say"], image: "busybox", script: "test ${{ steps.say.outputs.word }} = hello" },
    ],
  });
  expect((await ended(run.metadata.name ?? "")).status).toMatchObject({ phase: "Succeeded" });
});

test("it speaks to the API server by the service's address, and leads", async () => {
  const log = await vi.waitUntil(async () => {
    const text = await kubectl("--namespace", namespace, "logs", "deployment/plimsoll");
    return text.includes('"msg":"leads"') && text;
  }, 120_000);
  const address = await kubectl("get", "service", "kubernetes", "--output=jsonpath={.spec.clusterIP}");
  expect(log).toContain(`"server":"https://${address}:443"`);
});

test("it has neither root's rights nor a place to write to", async () => {
  const program = `
    const { accessSync, constants, readdirSync, readFileSync, writeFileSync } = require("node:fs");
    const apart = new Set(["/proc", "/sys", "/dev"]);
    const written = [];
    let folders = 0;
    const visit = (folder) => {
      folders += 1;
      try { writeFileSync(folder + "/x", "x"); written.push(folder); } catch {}
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = (folder === "/" ? "" : folder) + "/" + entry.name;
        if (entry.isDirectory() && !apart.has(path)) try { visit(path); } catch (error) { if (error.code !== "EACCES") throw error; }
      }
    };
    visit("/");
    const status = Object.fromEntries(readFileSync("/proc/self/status", "utf8").split("\\n").map((line) => line.split(":\\t")));
    console.log(JSON.stringify({ folders, written, uid: process.getuid(), gid: process.getgid(), caps: status.CapEff, noNew: status.NoNewPrivs, seccomp: status.Seccomp }));`;
  const found = JSON.parse(await exec("/usr/bin/node", "-e", program)) as { folders: number };
  expect(found).toEqual({
    folders: found.folders,
    written: [],
    uid: 65_532,
    gid: 65_532,
    caps: "0000000000000000",
    noNew: "1",
    seccomp: "2",
  });
  expect(found.folders).toBeGreaterThan(20);
});

test("it has no shell", async () => {
  await expect(exec("sh", "-c", "true")).rejects.toThrow(/exec: "sh": executable file not found/);
});

test("it ends within its grace period, and gives the lease back", async () => {
  await kubectl("--namespace", namespace, "scale", "deployment/plimsoll", "--replicas=0");
  await kubectl("--namespace", namespace, "wait", "--for=delete", "pod", "--selector=app.kubernetes.io/name=plimsoll", "--timeout=60s");
  const holder = await kubectl("--namespace", namespace, "get", "lease", "plimsoll", "--output=jsonpath={.spec.holderIdentity}");
  expect(holder).toBe("");
});
