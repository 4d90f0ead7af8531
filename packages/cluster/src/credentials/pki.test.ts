import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { Authority, signingKey } from "./pki.ts";

test("a certificate is signed by its authority, and by no other", async () => {
  const [ours, other] = await Promise.all([Authority.create("ours"), Authority.create("other")]);
  const cert = new X509Certificate((await ours.issue({ commonName: "admin", groups: ["system:masters"] })).cert);
  expect(cert.checkIssued(new X509Certificate(ours.pair.cert))).toBe(true);
  expect(cert.verify(new X509Certificate(ours.pair.cert).publicKey)).toBe(true);
  expect(cert.verify(new X509Certificate(other.pair.cert).publicKey)).toBe(false);
});

test("a client's certificate names the user and its groups, as Kubernetes reads them, and is no authority", async () => {
  const authority = await Authority.create("ours");
  const cert = new X509Certificate((await authority.issue({ commonName: "system:node:node-0", groups: ["system:nodes"] })).cert);
  expect(cert.subject.split("\n").sort()).toEqual(["CN=system:node:node-0", "O=system:nodes"]);
  expect(cert.ca).toBe(false);
  expect(new X509Certificate(authority.pair.cert).ca).toBe(true);
});

test("a server's certificate holds for its names and addresses alone", async () => {
  const authority = await Authority.create("ours");
  const cert = new X509Certificate(
    (await authority.issue({ commonName: "kube-apiserver", dnsNames: ["kubernetes.default"], addresses: ["10.96.0.1"] })).cert,
  );
  expect(cert.checkHost("kubernetes.default")).toBe("kubernetes.default");
  expect(cert.checkHost("example.com")).toBeUndefined();
  expect(cert.checkIP("10.96.0.1")).toBe("10.96.0.1");
  expect(cert.checkIP("10.96.0.2")).toBeUndefined();
});

test("a key fits its certificate", async () => {
  const { pair } = await Authority.create("ours");
  expect(new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))).toBe(true);
});

test("certificates are valid already, for a clock that lags by minutes too", async () => {
  const cert = new X509Certificate((await Authority.create("ours")).pair.cert);
  expect(cert.validFromDate.getTime()).toBeLessThan(Date.now() - 60_000);
  expect(cert.validToDate.getTime()).toBeGreaterThan(Date.now() + 300 * 86_400_000);
});

test("the two halves of a signing key belong together", async () => {
  const { key, publicKey } = await signingKey();
  expect(createPublicKey(key).export({ type: "spki", format: "pem" })).toBe(
    createPublicKey(publicKey).export({ type: "spki", format: "pem" }),
  );
});
