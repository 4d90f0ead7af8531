import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage, canRunContainers, clusterCommand, down, status, up, type Cluster } from "@plimsoll/cluster";
import { isNotFound } from "@plimsoll/kube";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { asUser, connect, container, started } from "./support/local-cluster.ts";

/** What there is of a cluster on this machine, besides its folder. Its link's name tells it from other clusters. */
function traces(folder: string, link: string): Record<string, string[]> {
  const linesOf = (text: string): string[] =>
    text.split("\n").filter((line) => line.includes(folder) || new RegExp(`\\b${link}\\b`).test(line));
  const commands = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    });
  return {
    processes: linesOf(commands.join("\n")),
    mounts: linesOf(readFileSync("/proc/self/mountinfo", "utf8")),
    links: linesOf(execFileSync("ip", ["-o", "link"], { encoding: "utf8" })),
    routes: linesOf(execFileSync("ip", ["route"], { encoding: "utf8" })),
    rules: linesOf(execFileSync("iptables-save", { encoding: "utf8" })),
    cgroups: ["", ...readdirSync("/sys/fs/cgroup")]
      .map((hierarchy) => join("/sys/fs/cgroup", hierarchy, link))
      .filter((path) => existsSync(path)),
  };
}

const run = (...args: string[]) => clusterCommand().exitOverride().parseAsync(args, { from: "user" });

describe("a cluster whose nodes are simulated", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await up({ name: started("simulated"), kubelet: false, simulatedNodes: 3, audit: true });
  });
  afterAll(() => cluster?.down());

  test("started twice is one cluster, with as many nodes as were asked for last", async () => {
    const pids = cluster.components.map(cluster.pid);
    const again = await up({ name: cluster.name, simulatedNodes: 5 });
    expect(again.components.map(again.pid)).toEqual(pids);
    const { nodes, close } = connect(again);
    expect(await nodes()).toEqual(["kwok-0", "kwok-1", "kwok-2", "kwok-3", "kwok-4"]);
    await up({ name: cluster.name, simulatedNodes: 3 });
    expect(await nodes()).toEqual(["kwok-0", "kwok-1", "kwok-2"]);
    await close();
  });

  test("a pod on a simulated node runs without a container", async () => {
    const { client, close } = connect(cluster);
    const pod = { namespace: "default", name: "pretends" };
    await client("pods").create({
      metadata: pod,
      spec: { containers: [container("no-such-image")], tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" }] },
    });
    await vi.waitFor(async () => expect((await client("pods").get(pod)).status?.phase).toBe("Running"), {
      timeout: 120_000,
      interval: 200,
    });
    await close();
  });

  test("a pod that is to run once ends on a simulated node, as its annotation says, after two writes of its status", async () => {
    const { client, close } = connect(cluster);
    const mark = await cluster.audit?.mark();
    const make = (name: string, annotations: Record<string, string>) =>
      client("pods").create({
        metadata: { namespace: "default", name, annotations },
        spec: {
          restartPolicy: "Never",
          containers: ["a", "b"].map((name) => ({ ...container("no-such-image"), name })),
          tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" }],
        },
      });
    await make("keeps-running", { "simulated.plimsoll.dev/outcome": "run" });
    await make("fails", { "simulated.plimsoll.dev/outcome": "fail" });
    await make("completes", {});
    const until = async (name: string, phase: string, states: object) =>
      vi.waitFor(
        async () => {
          const { status } = await client("pods").get({ namespace: "default", name });
          const containerStatuses = [
            { name: "a", state: states },
            { name: "b", state: states },
          ];
          expect(status).toMatchObject({ phase, containerStatuses });
        },
        { timeout: 120_000, interval: 200 },
      );
    const times = { startedAt: expect.any(String), finishedAt: expect.any(String) };
    await until("completes", "Succeeded", { terminated: { exitCode: 0, reason: "Completed", ...times } });
    await until("fails", "Failed", { terminated: { exitCode: 1, reason: "Error", ...times } });
    await until("keeps-running", "Running", { running: { startedAt: expect.any(String) } });
    await close();
    const written = async () => {
      const writes: Record<string, number> = {};
      for (const { user, name } of await Array.fromAsync(cluster.audit?.since(mark) ?? []))
        if (user === "plimsoll:kwok" && name !== "" && !name.startsWith("kwok-")) writes[name] = (writes[name] ?? 0) + 1;
      return writes;
    };
    // What a write has come to may be seen before it is logged.
    await expect.poll(written).toEqual({ completes: 2, fails: 2, "keeps-running": 1 });
  });

  test("what was asked of the API is in the audit log, since a mark", async () => {
    const { client, close } = connect(cluster);
    const mark = await cluster.audit?.mark();
    await client("pods")
      .get({ namespace: "default", name: "nobody" })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    await vi.waitFor(
      async () => {
        const events = await Array.fromAsync(cluster.audit?.since(mark) ?? []);
        expect(events).toContainEqual(expect.objectContaining({ user: "admin", verb: "get", resource: "pods", name: "nobody", code: 404 }));
      },
      { timeout: 120_000, interval: 200 },
    );
    await close();
  });

  test("a component that crashed is shown with the end of its log, and started again by `up`", async () => {
    await cluster.kill("kube-scheduler");
    const { up: isUp, components } = status(cluster.name);
    expect(isUp).toBe(false);
    expect(components.filter(({ running }) => !running)).toMatchObject([{ name: "kube-scheduler", tail: expect.stringContaining("\n") }]);
    await up({ name: cluster.name });
    expect(status(cluster.name).up).toBe(true);
  });

  test("the API server restarts at its address", async () => {
    const { nodes, close } = connect(cluster);
    await cluster.restart("kube-apiserver");
    expect(await nodes()).toHaveLength(3);
    await close();
  });

  test("a component that it does not have is an error that names those that it has", async () => {
    const error = { message: expect.stringContaining("has no component kubelet: it has etcd, kube-apiserver, "), exitCode: 2 };
    await expect(cluster.restart("kubelet")).rejects.toMatchObject(error);
    await expect(run("logs", "kubelet", "--name", cluster.name)).rejects.toMatchObject(error);
  });

  test.each([
    [{ kubelet: true }, "without a real node"],
    [{ rates: "default" }, "with raised rates"],
  ] as const)("asked for %o, which it was started without, it says what to do", async (options, how) => {
    await expect(up({ name: cluster.name, ...options })).rejects.toThrow(new RegExp(`is up ${how}.*plimsoll cluster down`));
  });
});

describe.runIf(canRunContainers())("a cluster with a real node", () => {
  let cluster: Cluster;
  let connection: ReturnType<typeof connect>;
  beforeAll(async () => {
    cluster = await up({ name: started("real"), kubelet: true, simulatedNodes: 1 });
    connection = connect(cluster);
  });
  afterAll(async () => {
    await connection?.close();
    await cluster?.down();
  });

  test("a pod that isn't root writes to a volume that was made for it, and the volume ends with its claim", async () => {
    const { client, run } = connection;
    const claim = { namespace: "default", name: "workspace" };
    await client("persistentvolumeclaims").create({
      metadata: claim,
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    const volumes = [{ name: "workspace", persistentVolumeClaim: { claimName: claim.name } }];
    const volumeMounts = [{ name: "workspace", mountPath: "/workspace" }];
    const write = { ...container("busybox", "sh", "-c", "id -u; echo written > /workspace/file"), volumeMounts };
    expect(await run("writes", { securityContext: asUser, volumes, containers: [write] })).toEqual({ phase: "Succeeded", log: "1000" });
    const read = { ...container("busybox", "cat", "/workspace/file"), volumeMounts };
    expect(await run("reads", { securityContext: asUser, volumes, containers: [read] })).toEqual({ phase: "Succeeded", log: "written" });

    const [volume] = await Array.fromAsync(client("persistentvolumes").list());
    const folder = join(cluster.folder, "volumes", volume?.metadata.name ?? "");
    expect(existsSync(join(folder, "file"))).toBe(true);
    for (const name of ["writes", "reads"]) await client("pods").delete({ namespace: "default", name });
    await client("persistentvolumeclaims").delete(claim);
    await vi.waitFor(async () => expect(await Array.fromAsync(client("persistentvolumes").list())).toEqual([]), {
      timeout: 120_000,
      interval: 200,
    });
    expect(existsSync(folder)).toBe(false);
  });

  test.each([
    ["a folder", tmpdir(), /EISDIR/],
    ["a file of text", import.meta.filename, /ctr: .+/],
  ])("an image can't be loaded from %s, which is told in a line", async (_, tar, reason) => {
    const message = new RegExp(`^The images of .+ can't be loaded; is it a tar as .* writes it\\? ${reason.source}`);
    await expect(cluster.loadImage(tar)).rejects.toThrow(message);
  });

  test("a pod finds the API by the name of its service, and is who its token says", async () => {
    await cluster.loadImage(await buildImage("python-sklearn"));
    const script = `
import ssl, urllib.error, urllib.request
folder = "/var/run/secrets/kubernetes.io/serviceaccount/"
request = urllib.request.Request("https://kubernetes.default.svc/api/v1/nodes", headers={"Authorization": "Bearer " + open(folder + "token").read()})
try:
    urllib.request.urlopen(request, context=ssl.create_default_context(cafile=folder + "ca.crt"))
except urllib.error.HTTPError as error:
    print(error.read().decode())`;
    const { phase, log } = await connection.run("asks", {
      securityContext: asUser,
      containers: [container("python-sklearn", "python3", "-c", script)],
    });
    expect(phase).toBe("Succeeded");
    expect(log).toContain("system:serviceaccount:default:default");
    // An image that was not built before takes minutes.
  }, 900_000);

  test("a pod of the image python-sklearn trains a model", async () => {
    const script =
      "from sklearn.datasets import load_digits; from sklearn.svm import SVC; x, y = load_digits(return_X_y=True); print(SVC().fit(x[:900], y[:900]).score(x[900:], y[900:]))";
    const { log } = await connection.run("trains", {
      securityContext: asUser,
      containers: [container("python-sklearn", "python3", "-c", script)],
    });
    expect(Number(log)).toBeGreaterThan(0.9);
  });

  test("a pod outlives a crash of the kubelet", async () => {
    const { client } = connection;
    const pod = { namespace: "default", name: "stays" };
    await client("pods").create({ metadata: pod, spec: { containers: [container("busybox", "sleep", "1000")] } });
    const startedAt = async () => {
      const { status } = await client("pods").get(pod);
      expect(status).toMatchObject({ phase: "Running" });
      return status?.containerStatuses?.[0]?.state?.running?.startedAt;
    };
    const before = await vi.waitFor(startedAt, { timeout: 120_000, interval: 200 });
    await cluster.kill("kubelet");
    expect(
      status(cluster.name)
        .components.filter(({ running }) => !running)
        .map(({ name }) => name),
    ).toEqual(["kubelet"]);
    await up({ name: cluster.name });
    expect(await startedAt()).toBe(before);
  });

  test("two clusters with a real node stand side by side, and the end of one leaves the other alone", async () => {
    const other = await up({ name: started("other"), kubelet: true });
    onTestFinished(() => other.down());
    const there = connect(other);
    expect(await there.nodes()).toEqual(["node-0"]);
    const spec = { securityContext: asUser, containers: [container("busybox", "nslookup", "kubernetes.default.svc.cluster.local")] };
    const answers = await Promise.all([there.run("resolves", spec), connection.run("resolves", spec)]);
    for (const { phase, log } of answers) expect({ phase, log }).toEqual({ phase: "Succeeded", log: expect.stringContaining("10.96.0.1") });
    await there.close();
    const mounts = () => readFileSync(`/proc/${cluster.pid("kubelet")}/mountinfo`, "utf8");
    const before = mounts();
    expect(before).toContain(" /var/lib/kubelet ");
    await other.down();
    expect(mounts()).toBe(before);
    expect((await connection.run("resolves-still", spec)).phase).toBe("Succeeded");
  });

  test("down leaves nothing behind, with pods running and half of its components dead", async () => {
    const doomed = await up({ name: started("doomed"), kubelet: true });
    onTestFinished(() => doomed.down());
    const { client, close } = connect(doomed);
    const pod = { namespace: "default", name: "runs" };
    await client("pods").create({ metadata: pod, spec: { containers: [container("busybox", "sleep", "1000")] } });
    await vi.waitFor(async () => expect((await client("pods").get(pod)).status?.phase).toBe("Running"), {
      timeout: 120_000,
      interval: 200,
    });
    await close();
    const link = `plimsoll${readFileSync(join(doomed.folder, "slot"), "utf8")}`;
    const before = traces(doomed.folder, link);
    expect(Object.keys(before).filter((kind) => before[kind]?.length === 0)).toEqual(["mounts"]);
    await Promise.all([doomed.kill("kube-apiserver"), doomed.kill("containerd")]);
    await doomed.down();
    expect(traces(doomed.folder, link)).toEqual({ processes: [], mounts: [], links: [], routes: [], rules: [], cgroups: [] });
    expect(existsSync(doomed.folder)).toBe(false);
  });
});

describe("the command line", () => {
  test.each([
    ["a name that is not one", ["status", "--name", "Not_A_Name"], /"Not_A_Name" is not a cluster's name/, 2],
    [
      "a cluster that is not there",
      ["status", "--name", "nobody"],
      /There is no cluster nobody\. Start it with: plimsoll cluster up --name nobody/,
      1,
    ],
    ["an image that nobody can build", ["image", "build", "nothing"], /There is no image nothing to build: it may be/, 2],
  ])("%s is an error that says what to do", async (_, args, message, exitCode) => {
    await expect(run(...args)).rejects.toMatchObject({ message: expect.stringMatching(message), exitCode });
  });

  test("taking down what isn't there is no error", async () => {
    expect(await down("nobody")).toBe(false);
  });

  test("a file of a state that is broken does not keep a cluster from being taken down", async () => {
    const home = mkdtempSync(join(tmpdir(), "plimsoll-home-"));
    vi.stubEnv("PLIMSOLL_HOME", home);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(home, { recursive: true });
    });
    const cluster = await up({ name: "broken", kubelet: false });
    const pids = cluster.components.map(cluster.pid);
    writeFileSync(join(cluster.folder, "cluster.json"), "{");
    expect(await down("broken")).toBe(true);
    // What has ended may be seen until its parent, this process, has asked how.
    await vi.waitFor(() => expect(pids.filter((pid) => pid !== undefined && existsSync(`/proc/${pid}`))).toEqual([]), {
      timeout: 120_000,
      interval: 100,
    });
  });
});
