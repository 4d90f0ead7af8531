import { azureToken, startComputeEngine, startEntra, startMoto, startProxy, startResourceManager } from "@plimsoll/cloud/testing";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { bundle } from "./bundle.ts";

const run = promisify(execFile);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "plimsoll-bundle-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const controller = { "plimsoll-controller": "packages/controller/src/main.ts" };

test("the bundled controller runs without the checkout and its packages", async () => {
  const outdir = folder();
  const { files, sizes } = await bundle({ entries: controller, outdir, minify: true });
  expect(files).toEqual([
    "THIRD-PARTY-LICENSES.txt",
    "kube-leader-worker.mjs",
    "kube-leader-worker.mjs.map",
    "plimsoll-controller.mjs",
    "plimsoll-controller.mjs.map",
  ]);
  expect(sizes["plimsoll-controller.mjs"]).toBe(readFileSync(join(outdir, "plimsoll-controller.mjs")).length);
  const said = execFileSync(process.execPath, [join(outdir, "plimsoll-controller.mjs"), "--help"], { encoding: "utf8", cwd: outdir });
  expect(said).toMatch(/^Usage: plimsoll-controller /);
  expect(readFileSync(join(outdir, "THIRD-PARTY-LICENSES.txt"), "utf8")).toMatch(/^undici \d+\.\d+\.\d+: MIT\n\nMIT License/m);
});

test("a bundled program leaves the standard input, which it may share, as it is until it reads it", async () => {
  const [source, outdir] = [folder(), folder()];
  writeFileSync(
    join(source, "main.mjs"),
    `import process from "node:process"; import { readFileSync } from "node:fs";
     const blocks = () => (Number.parseInt(/flags:\\s*(\\d+)/.exec(readFileSync("/proc/self/fdinfo/0", "utf8"))[1], 8) & 0o4000) === 0;
     console.log(blocks()); process.stdin.resume(); console.log(blocks());`,
  );
  await bundle({ entries: { main: join(source, "main.mjs") }, outdir });
  const { stdout } = await run("bash", ["-c", 'true | "$0" "$1"', process.execPath, join(outdir, "main.mjs")]);
  expect(stdout).toBe("true\nfalse\n");
});

test("the same source gives the same bytes", async () => {
  const [one, other] = [folder(), folder()];
  const { files } = await bundle({ entries: controller, outdir: one, splitting: true });
  expect(await bundle({ entries: controller, outdir: other, splitting: true })).toMatchObject({ files });
  for (const file of files) expect(readFileSync(join(other, file)).equals(readFileSync(join(one, file)))).toBe(true);
});

test("a worker that is started by its URL is a file of its own, which the bundle finds", async () => {
  const [source, outdir] = [folder(), folder()];
  writeFileSync(join(source, "hello.ts"), `import { parentPort } from "node:worker_threads"; parentPort?.postMessage("hello" as string);`);
  writeFileSync(
    join(source, "main.ts"),
    `import { Worker } from "node:worker_threads";
     new Worker(new URL("hello.ts", import.meta.url)).on("message", (text: string) => console.log(text, NAME));`,
  );
  const define = { NAME: '"world"' };
  const { files } = await bundle({ entries: { main: join(source, "main.ts") }, outdir, define, banner: "#!/usr/bin/env node" });
  expect(files.filter((file) => file.endsWith("hello.mjs"))).toHaveLength(1);
  const main = join(outdir, "main.mjs");
  expect(readFileSync(main, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(execFileSync(process.execPath, [main], { encoding: "utf8", cwd: outdir })).toBe("hello world\n");
});

test("the clouds' SDKs are files of their own, which are loaded only when their cloud is opened, and work without the packages", async () => {
  const outdir = folder();
  await bundle({ entries: { cloud: "packages/cloud/src/index.ts" }, outdir, minify: true, splitting: true });
  const [moto, engine] = [await startMoto(), await startComputeEngine("project-1")];
  onTestFinished(async () => void (await Promise.all([moto.stop(), engine.stop()])));
  const program = `
    import { openCloud } from "./cloud.mjs";
    const loaded = () => process.memoryUsage().heapUsed / 1e6;
    const [config, id] = JSON.parse(process.argv[2]);
    const before = loaded();
    const cloud = await openCloud(config);
    if (loaded() - before < 1) throw new Error("the SDK was loaded before");
    console.log(JSON.stringify((await cloud.machines([id], new AbortController().signal)).get(id)));`;
  writeFileSync(join(outdir, "main.mjs"), program);
  const asked = async (config: object, id: string, env: Record<string, string>): Promise<string> => {
    const { stdout } = await run(process.execPath, [join(outdir, "main.mjs"), JSON.stringify([config, id])], {
      cwd: outdir,
      env: { PATH: "", ...env },
    });
    return stdout;
  };
  const aws = { provider: "aws", region: "eu-central-1", account: "123456789012", endpoint: moto.endpoint };
  const key = { AWS_ACCESS_KEY_ID: "testing", AWS_SECRET_ACCESS_KEY: "testing" };
  expect(await asked(aws, "aws:///eu-central-1a/i-0123456789abcdef0", key)).toContain("EC2 knows no such instance");
  const gcp = { provider: "gcp", project: "project-1", zones: ["europe-west1-b"], endpoint: engine.endpoint };
  const metadata = { GCE_METADATA_HOST: engine.metadataHost };
  expect(await asked(gcp, "gce://project-1/europe-west1-b/node-1", metadata)).toContain("Compute Engine knows no such machine");
  const subscription = "00000000-0000-4000-8000-0000000000aa";
  const azure = { provider: "azure", subscription, resourceGroup: "group" };
  const machine = `azure:///subscriptions/${subscription}/resourceGroups/group/providers/Microsoft.Compute/virtualMachines/vm-1`;
  expect(await asked(azure, machine, await azureWorkloadIdentity(subscription))).toContain("Azure knows no virtual machine vm-1");
});

/** What gives a program a workload identity of Azure's, of which servers of ours are behind a proxy. */
async function azureWorkloadIdentity(subscription: string): Promise<Record<string, string>> {
  const [login, management] = ["login.microsoftonline.com", "management.azure.com"];
  const federation = { tenant: subscription, client: subscription, assertion: "a.token", scope: `https://${management}/.default` };
  const [manager, entra] = [await startResourceManager(subscription, "group", management), await startEntra(federation, azureToken, login)];
  const proxy = await startProxy({ [login]: entra.port, [management]: manager.port });
  onTestFinished(async () => void (await Promise.all([proxy.stop(), entra.stop(), manager.stop()])));
  const [trusted, shown] = [join(folder(), "ca.pem"), join(folder(), "token")];
  writeFileSync(trusted, entra.ca + manager.ca);
  writeFileSync(shown, federation.assertion);
  return {
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: trusted,
    AZURE_TENANT_ID: federation.tenant,
    AZURE_CLIENT_ID: federation.client,
    AZURE_FEDERATED_TOKEN_FILE: shown,
  };
}

test("Node's own modules are loaded when they are used", async () => {
  const [source, outdir] = [folder(), folder()];
  writeFileSync(
    join(source, "main.ts"),
    `import { createHash } from "node:crypto";
     import path, { sep } from "node:path";
     import * as util from "node:util";
     import Stream, { PassThrough } from "stream";
     const isLoaded = () => process.moduleLoadList.includes("NativeModule crypto");
     const before = isLoaded();
     class Through extends PassThrough {}
     const digest = createHash("sha256").update("").digest("hex").slice(0, 8);
     console.log(before, isLoaded(), digest, path.join("a", "b") === "a" + sep + "b", util.inspect("a"), new Through() instanceof Stream, "sep" in path);`,
  );
  for (const format of ["esm", "cjs"] as const) {
    await bundle({ entries: { main: join(source, "main.ts") }, outdir, format });
    const main = join(outdir, format === "esm" ? "main.mjs" : "main.cjs");
    expect(execFileSync(process.execPath, [main], { encoding: "utf8", cwd: outdir })).toBe("false true e3b0c442 true 'a' true true\n");
  }
});

test("what is loaded when needed is in as few modules as it takes: none is empty, and none makes a require that it doesn't need", async () => {
  const [source, outdir] = [folder(), folder()];
  writeFileSync(join(source, "word.ts"), `export const word = "hello" as string;`);
  writeFileSync(join(source, "index.ts"), `export { word } from "./word.ts";`);
  for (const [name, from] of Object.entries({ one: "index", two: "index", three: "word" }))
    writeFileSync(
      join(source, `${name}.ts`),
      `import { word } from "./${from}.ts"; export const say = () => console.log(word, "${name}");`,
    );
  writeFileSync(
    join(source, "main.ts"),
    `for (const { say } of [await import("./one.ts"), await import("./two.ts"), await import("./three.ts")]) say();`,
  );
  const { files } = await bundle({ entries: { main: join(source, "main.ts") }, outdir, splitting: true, minify: true, sourcemap: false });
  const programs = files.filter((file) => file.endsWith(".mjs")).map((file) => readFileSync(join(outdir, file), "utf8"));
  expect(programs).toHaveLength(5);
  expect(programs.filter((text) => text.trim() === "" || text.includes("createRequire"))).toEqual([]);
  expect(execFileSync(process.execPath, [join(outdir, "main.mjs")], { encoding: "utf8", cwd: outdir })).toBe(
    "hello one\nhello two\nhello three\n",
  );
});

test("a mistake in the source is told with its file and line", async () => {
  const source = folder();
  writeFileSync(join(source, "main.ts"), "const a = ;");
  await expect(bundle({ entries: { main: join(source, "main.ts") }, outdir: folder() })).rejects.toThrow(/main\.ts:1:10: ERROR/);
});
