import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { certificate, privateKey } from "../../testing/certificate.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { kubeconfig } from "../../testing/scripted-server.ts";
import { CredentialSource } from "./credential-source.ts";
import { connectionOf, parseKubeconfig } from "./kubeconfig.ts";

const otherKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

async function folder() {
  const path = await mkdtemp(join(tmpdir(), "plimsoll-credentials-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

function sourceOf(user: object) {
  const clock = new FakeClock();
  const closing = new AbortController();
  const source = new CredentialSource(
    connectionOf(parseKubeconfig(kubeconfig("https://api:6443", user), "the test", "/")),
    clock,
    closing.signal,
  );
  return { source, clock, closing };
}

test("a token file that cannot be used for a moment leaves the last token in use", async () => {
  const tokenFile = join(await folder(), "token");
  await writeFile(tokenFile, " one\n");
  const { source, clock } = sourceOf({ tokenFile });
  const token = async () => (await source.get([])).headers["authorization"];
  expect(await token()).toBe("Bearer one");
  for (const damage of [() => rm(tokenFile), () => writeFile(tokenFile, "\n"), () => writeFile(tokenFile, "tw\no")]) {
    await damage();
    await clock.advance(60_000);
    expect(await token()).toBe("Bearer one");
  }
  await writeFile(tokenFile, "two");
  expect(await token()).toBe("Bearer two");
});

test.each([
  ["is not there", undefined, "no such file or directory, open '.*/token'"],
  ["is empty", " \n", "the token file .*/token is empty"],
  ["holds two lines", "a\nb", "the token file .*/token has whitespace within, which no token has"],
])("a token file that %s from the start is named", async (_what, content, message) => {
  const tokenFile = join(await folder(), "token");
  if (content !== undefined) await writeFile(tokenFile, content);
  await expect(sourceOf({ tokenFile }).source.get([])).rejects.toMatchObject({
    name: "KubeconfigError",
    message: expect.stringMatching(message),
  });
});

test("a certificate and a key that do not belong together are not kept", async () => {
  const path = await folder();
  const user = { "client-certificate": join(path, "tls.crt"), "client-key": join(path, "tls.key") };
  await writeFile(user["client-certificate"], certificate);
  await writeFile(user["client-key"], otherKey);
  const { source, clock } = sourceOf(user);
  await expect(source.get([])).rejects.toThrow("the client certificate and its key cannot be used: ");
  await writeFile(user["client-key"], privateKey);
  const whole = await source.get([]);
  expect(String(whole.tls.key)).toBe(privateKey);

  // The next rotation is in its middle: the former pair does.
  await writeFile(user["client-key"], otherKey);
  await clock.advance(60_000);
  expect(await source.get([])).toBe(whole);
});

test("an abort ends the wait for a plugin, but not that of others", async () => {
  const path = join(await folder(), "plugin");
  const answer = JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status: { token: "t" } });
  await writeFile(path, `#!/bin/sh\nwhile [ ! -e "${path}.go" ]; do sleep 0.05; done; echo '${answer}'`, { mode: 0o755 });
  const { source } = sourceOf({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: path } });
  const stop = new AbortController();
  const [first, second] = [source.get([stop.signal]), source.get([])];
  stop.abort(new Error("enough"));
  await expect(first).rejects.toThrow("enough");
  await writeFile(`${path}.go`, "");
  expect((await second).headers).toEqual({ authorization: "Bearer t" });
});

test("when the transport closes, a plugin that hangs is given up", async () => {
  const { source, closing } = sourceOf({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: "sleep", args: ["1000"] } });
  const waiting = source.get([closing.signal]);
  closing.abort(new Error("closed"));
  await expect(waiting).rejects.toThrow("closed");
});
