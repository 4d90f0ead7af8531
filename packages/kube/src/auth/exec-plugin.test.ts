import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { certificate, privateKey } from "../../testing/certificate.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { kubeconfig } from "../../testing/scripted-server.ts";
import { ExecPlugin } from "./exec-plugin.ts";
import { connectionOf, parseKubeconfig } from "./kubeconfig.ts";

const v1 = "client.authentication.k8s.io/v1";

/** A plugin that is a shell script in a folder of its own, which it runs in. */
async function plugin(script: string, exec: object = {}, cluster: object = {}) {
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-plugin-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const command = join(folder, "plugin");
  await writeFile(command, `#!/bin/sh\ncd "${folder}"\n${script}\n`, { mode: 0o755 });
  const connection = connectionOf(
    parseKubeconfig(kubeconfig("https://api:6443", { exec: { apiVersion: v1, command, ...exec } }), "the test", folder),
  );
  if (!connection.user.exec) throw new Error("the kubeconfig lost its plugin");
  const clock = new FakeClock();
  const made = new ExecPlugin(connection.user.exec, { ...connection.cluster, ...cluster }, clock);
  const stop = new AbortController();
  return { clock, folder, stop, ask: (ca?: Buffer) => made.credentials(ca, stop.signal) };
}

const answer = (status: object, apiVersion = v1) => `cat <<'JSON'\n${JSON.stringify({ kind: "ExecCredential", apiVersion, status })}\nJSON`;

test("a plugin is told what is asked of it, of which cluster, and in its own environment", async () => {
  const cluster = { "tls-server-name": "api.internal", "insecure-skip-tls-verify": true, "proxy-url": "http://proxy" };
  const script = `echo "$KUBERNETES_EXEC_INFO" > info; echo "$REGION $1" > given; ${answer({ token: "t" })}`;
  const { ask, folder } = await plugin(
    script,
    { provideClusterInfo: true, args: ["login"], env: [{ name: "REGION", value: "north" }] },
    cluster,
  );
  expect(await ask(Buffer.from("ca"))).toMatchObject({ token: "t" });
  expect(JSON.parse(await readFile(join(folder, "info"), "utf8"))).toEqual({
    kind: "ExecCredential",
    apiVersion: v1,
    spec: {
      interactive: false,
      cluster: { server: "https://api:6443", ...cluster, "certificate-authority-data": Buffer.from("ca").toString("base64") },
    },
  });
  expect(await readFile(join(folder, "given"), "utf8")).toBe("north login\n");
});

test("a plugin that reads its input finds it empty", async () => {
  const { ask } = await plugin(`cat > /dev/null; ${answer({ token: "t" })}`);
  expect(await ask()).toMatchObject({ token: "t" });
});

test("a plugin is asked again when what it gave expires, and not before", async () => {
  const { ask, clock, folder } = await plugin(`echo >> runs; ${answer({ token: "t", expirationTimestamp: "1970-01-01T01:01:00+01:00" })}`);
  const runs = async () => (await readFile(join(folder, "runs"), "utf8")).length;
  await ask();
  await clock.advance(59_999);
  await ask();
  expect(await runs()).toBe(1);
  await clock.advance(1);
  await ask();
  expect(await runs()).toBe(2);
});

test("a bad answer is not kept", async () => {
  const { ask } = await plugin(`if [ -e asked ]; then ${answer({ token: "t" })}\nelse touch asked; echo null; fi`);
  await expect(ask()).rejects.toThrow("its answer is not as it should be");
  expect(await ask()).toMatchObject({ token: "t" });
});

const otherKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

test("a plugin may give a client certificate with its key", async () => {
  const { ask } = await plugin(answer({ clientCertificateData: certificate, clientKeyData: privateKey }));
  expect(await ask()).toMatchObject({ clientCertificateData: certificate, clientKeyData: privateKey });
});

test.each([
  ["ends with a code", "exit 3", "failed: exit code 3"],
  ["ends with a code and says why", "echo no such region >&2; exit 1", "failed: exit code 1: no such region"],
  ["is killed", "kill -9 $$", "failed: it was ended by SIGKILL"],
  ["prints nothing", "exit 0", "failed: its answer is not JSON: Unexpected end of JSON input"],
  ["gives neither token nor certificate", answer({}), "there is neither a token nor a certificate"],
  ["gives a token with a newline", answer({ token: "a\nb" }), "a token has no whitespace in it"],
  ["answers in another version", answer({ token: "t" }, `${v1}beta1`), `failed: it answered in ${v1}beta1, not in ${v1}`],
  ["gives a certificate without its key", answer({ clientCertificateData: certificate }), "the key is missing"],
  [
    "gives a certificate with another's key",
    answer({ clientCertificateData: certificate, clientKeyData: otherKey }),
    "the client certificate and its key cannot be used: ",
  ],
])("a plugin that %s is named with the reason", async (_what, script, message) => {
  const { ask } = await plugin(script, { installHint: "Install it." });
  const error: unknown = await ask().catch((error: unknown) => error);
  expect(String(error)).toMatch(/^KubeconfigError: the credential plugin "\/.*\/plugin" failed: /);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain("Install it.");
});

test.each([
  [{ interactiveMode: "Always" }, "wants a terminal (interactiveMode: Always) and cannot have one here"],
  [
    { apiVersion: "client.authentication.k8s.io/v1alpha1" },
    'has the apiVersion "client.authentication.k8s.io/v1alpha1": there are client.authentication.k8s.io/v1 and client.authentication.k8s.io/v1beta1',
  ],
])("a plugin with %j is refused", async (exec, message) => {
  await expect(plugin("exit 0", exec)).rejects.toThrow(message);
});

test("a plugin that hangs is killed by an abort, whatever it has started", async () => {
  const { ask, stop, folder } = await plugin(`sleep 1000 &\necho $! > child\nwait`);
  const asked = ask().catch((error: unknown) => error);
  const child = await expect
    .poll(() => readFile(join(folder, "child"), "utf8").catch(() => ""))
    .not.toBe("")
    .then(() => readFile(join(folder, "child"), "utf8"));
  onTestFinished(() => void process.kill(Number(child)));
  stop.abort();
  expect(String(await asked)).toContain("aborted");
});
