import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { build } from "./build.ts";
import { Downloads } from "./download.ts";
import { assetOf, officialOrigins } from "./release.ts";
import { resolveBinaries } from "./resolve.ts";
import { toolOf, versionOf } from "./tools.ts";

const platform = { os: "linux", arch: "amd64" };
const folderOfEtcd = `etcd-${versionOf(toolOf("etcd"))}-linux-amd64`;

function place(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** A cache and a folder of assets, both empty; a network that has the given files or none; and a Go that works or doesn't. */
function machine({ network = false, go = true }: { network?: boolean; go?: boolean } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-resolve-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const notes: string[] = [];
  const downloads = new Downloads();
  downloads.fetch = async (asset, path) => {
    if (!network) throw new Error("no network");
    writeFileSync(path, `downloaded from ${asset.url}`);
  };
  const fakeBuild: typeof build = async (_tool, binary, path) => {
    if (!go) throw new Error("no Go");
    writeFileSync(path, `built ${binary}`);
  };
  const cache = join(folder, "cache");
  const assets = join(folder, "assets");
  return {
    notes,
    cache,
    cached: join(cache, folderOfEtcd, "etcd"),
    asset: join(assets, "etcd"),
    resolve: (binary: "etcd" | "kube-apiserver" | "kwok" = "etcd") =>
      resolveBinaries([binary], {
        cache,
        assets,
        platform,
        downloads,
        build: fakeBuild,
        onProgress: (event) => {
          if (event.type === "note") notes.push(event.text);
        },
      }).then((paths) => paths[binary] ?? ""),
  };
}

test("a binary in KUBEBUILDER_ASSETS goes before one in the cache", async () => {
  const { resolve, asset, cached } = machine();
  place(asset, "the asset");
  place(cached, "the cached one");
  expect(await resolve()).toBe(asset);
});

test("a binary in the cache goes before a download", async () => {
  const { resolve, cached, notes } = machine({ network: true });
  place(cached, "the cached one");
  expect(await resolve()).toBe(cached);
  expect(notes).toEqual([]);
});

test("a download goes before a build, and is in the cache from then on", async () => {
  const { resolve } = machine({ network: true });
  const path = await resolve("kube-apiserver");
  expect(readFileSync(path, "utf8")).toMatch(
    /^downloaded from https:\/\/dl\.k8s\.io\/release\/v1\.[0-9.]+\/bin\/linux\/amd64\/kube-apiserver$/,
  );
  expect(await resolve("kube-apiserver")).toBe(path);
});

test("without a download the binary is built, one line says why, and no half-made file stays", async () => {
  const { resolve, cached, notes, cache } = machine();
  expect(await resolve()).toBe(cached);
  expect(readFileSync(cached, "utf8")).toBe("built etcd");
  expect(notes).toContainEqual(expect.stringMatching(/^etcd v\S+: no download \(no network\); building it from source$/));
  expect(readdirSync(join(cache, folderOfEtcd))).toEqual(["etcd"]);
});

test("when nothing works the error names every step that was tried", async () => {
  const { resolve } = machine({ go: false });
  await expect(resolve()).rejects.toThrow(/cannot get etcd .*KUBEBUILDER_ASSETS.*cache.*no network.*no Go/s);
});

test("processes that want the same binary at once build it once", async () => {
  const { resolve } = machine();
  const [first, second] = await Promise.all([resolve(), resolve()]);
  expect(first).toBe(second);
});

test.each([3, 4] as const)("the `helm` of Helm %i's release becomes a binary of its own name", (version) => {
  const helm = toolOf(`helm${version}`);
  const url = `https://get.helm.sh/helm-${versionOf(helm)}-linux-amd64.tar.gz`;
  expect(assetOf(helm, versionOf(helm), `helm${version}`, platform, officialOrigins)).toEqual({
    url,
    checksumUrl: `${url}.sha256sum`,
    members: { [`helm${version}`]: "linux-amd64/helm" },
  });
});

test("a release that publishes no checksum is not downloaded", () => {
  const kwok = toolOf("kwok");
  expect(assetOf(kwok, versionOf(kwok), "kwok", platform, officialOrigins)).toBeUndefined();
});
