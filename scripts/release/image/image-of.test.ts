import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import versions from "../../../image/versions.json" with { type: "json" };
import { configOf, imageOf } from "./image-of.ts";
import { controller } from "./controller.ts";
import { architectures } from "./architecture.ts";

interface Descriptor {
  digest: string;
  size: number;
  platform?: { os: string; architecture: string };
  annotations?: Record<string, string>;
}

const scratch = mkdtempSync(join(tmpdir(), "plimsoll-layout-"));
const layout = join(scratch, "layout");
let digest: string;
let packages: string[];

// The first time, Node and Debian's packages of both architectures are downloaded.
beforeAll(async () => {
  const tar = join(scratch, "image.tar");
  ({ digest, packages } = await imageOf(controller, tar, join(scratch, "work"), { architectures, revision: "0123abc" }));
  execFileSync("mkdir", [layout]);
  execFileSync("tar", ["-xf", tar, "-C", layout]);
  return () => rmSync(scratch, { recursive: true });
}, 600_000);

const blob = (digest: string): string => join(layout, "blobs/sha256", digest.replace("sha256:", ""));
const json = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Record<string, never>;
const manifests = (): Descriptor[] => json(blob(digest))["manifests"] ?? [];

/** The layers of an architecture, one over the other, in a folder. */
function unpacked(architecture: string): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-unpacked-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { digest = "" } = manifests().find(({ platform }) => platform?.architecture === architecture) ?? {};
  const layers: Descriptor[] = json(blob(digest))["layers"] ?? [];
  for (const layer of layers) execFileSync("tar", ["-xf", blob(layer.digest), "-C", folder]);
  return folder;
}

test("the index names one image for both architectures, and every blob is what its descriptor says", () => {
  expect(json(join(layout, "oci-layout"))).toEqual({ imageLayoutVersion: "1.0.0" });
  const top: Descriptor[] = json(join(layout, "index.json"))["manifests"] ?? [];
  expect(top).toMatchObject([{ digest, annotations: { "io.containerd.image.name": `${controller.name}:${controller.version}` } }]);
  expect(manifests().map(({ platform }) => platform)).toEqual([
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64" },
  ]);
  const seen = new Set<string>();
  const check = ({ digest, size }: Descriptor): string => {
    const bytes = readFileSync(blob(digest));
    expect({ digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, size: bytes.length }).toEqual({ digest, size });
    seen.add(digest.replace("sha256:", ""));
    return digest;
  };
  for (const descriptor of top) check(descriptor);
  for (const manifest of manifests()) {
    const { config, layers, annotations } = json(blob(check(manifest))) as unknown as Record<"config" | "annotations", Descriptor> & {
      layers: Descriptor[];
    };
    const { architecture, config: started, rootfs } = json(blob(check(config))) as Record<string, unknown>;
    expect(architecture).toBe(manifest.platform?.architecture);
    expect(started).toMatchObject({ User: "65532:65532", Entrypoint: controller.entrypoint, ExposedPorts: { "8080/tcp": {} } });
    expect(annotations).toMatchObject({
      "org.opencontainers.image.revision": "0123abc",
      "org.opencontainers.image.licenses": "Apache-2.0",
    });
    expect((rootfs as { diff_ids: string[] }).diff_ids).toEqual(layers.map(check));
    expect(layers).toHaveLength(3);
  }
  expect(readdirSync(join(layout, "blobs/sha256")).toSorted()).toEqual([...seen].toSorted());
});

/** e_machine of an ELF file: 62 is x86-64, 183 AArch64. */
const machineOf = (file: string): number => readFileSync(file).readUInt16LE(18);
const isElf = (file: string): boolean => readFileSync(file).subarray(0, 4).equals(Buffer.from("\x7fELF", "latin1"));

test.each([
  { architecture: "amd64", machine: 62, loader: "lib64/ld-linux-x86-64.so.2" },
  { architecture: "arm64", machine: 183, loader: "lib/ld-linux-aarch64.so.1" },
])("the image for $architecture has programs and libraries of that machine alone", ({ architecture, machine, loader }) => {
  const root = unpacked(architecture);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const programs = files.map((file) => join(file.parentPath, file.name)).filter(isElf);
  expect(programs.length).toBeGreaterThan(10);
  expect(programs.filter((file) => machineOf(file) !== machine)).toEqual([]);
  const paths = readdirSync(root, { recursive: true }).map(String);
  expect(paths).toEqual(
    expect.arrayContaining([loader, "usr/bin/node", "app/plimsoll-controller.mjs", "app/kube-leader-worker.mjs", "app/LICENSE"]),
  );
  for (const name of ["libc6", "gcc-12-base"]) expect(paths).toContain(`usr/share/doc/${name}/copyright`);
  expect(paths.filter((path) => /(^|\/)(ba|da|bus)?(sh|ybox)$/.test(path))).toEqual([]);
  expect(readFileSync(join(root, "etc/passwd"), "utf8")).toContain("nonroot:x:65532:65532:");
  expect(readFileSync(join(root, "etc/ssl/certs/ca-certificates.crt"), "utf8").match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(100);
});

test("built again, the image has the same digest", async () => {
  const again = join(scratch, "again");
  expect(await imageOf(controller, `${again}.tar`, again, { architectures, revision: "0123abc" })).toEqual({ digest, packages });
  expect(packages.map((path) => basename(path))).toEqual(expect.arrayContaining(["undici", "pino", "zod"]));
}, 600_000);

test("Node in the image is the one that the checkout runs with", () => {
  expect(`v${versions.node.version}`).toBe(process.version);
});

test("the Dockerfile starts the program as the image does", () => {
  const dockerfile = readFileSync(join(import.meta.dirname, "../../../image/Dockerfile"), "utf8");
  const { User, Entrypoint, Env, ExposedPorts } = configOf(controller);
  expect(dockerfile).toContain(`\nUSER ${User}\n`);
  expect(dockerfile).toContain(`\nENTRYPOINT ${JSON.stringify(Entrypoint)}\n`);
  for (const line of Env) expect(dockerfile).toContain(`\nENV ${line}\n`);
  for (const port of Object.keys(ExposedPorts)) expect(dockerfile).toContain(`\nEXPOSE ${port}\n`);
});
