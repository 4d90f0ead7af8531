import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { inClusterConnection, runsInCluster } from "./in-cluster.ts";

test("in a cluster, the ServiceAccount's files and the service's address are used", () => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-in-cluster-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries({ token: "t", "ca.crt": "c", namespace: "mine\n" })) writeFileSync(join(folder, name), text);
  const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
  expect(runsInCluster(env, folder)).toBe(true);
  expect(runsInCluster({}, folder)).toBe(false);
  expect(inClusterConnection(env, folder)).toMatchObject({
    namespace: "mine",
    cluster: { server: "https://[fd00::1]:443", "certificate-authority": join(folder, "ca.crt") },
    user: { tokenFile: join(folder, "token") },
  });
});
