import { expect, test } from "vitest";
import { signerDomain } from "./signer-domain.ts";

const signers = (verb: string, name?: string, group = "certificates.k8s.io") => ({
  verb,
  group,
  resource: "signers",
  ...(name && { name }),
});

test("who asks about a signer asks about its domain, too", () => {
  expect(signerDomain(signers("approve", "example.com/foo"))).toEqual(signers("approve", "example.com/*"));
  expect(signerDomain(signers("approve", "issuers.cert-manager.io/a.b", "cert-manager.io"))).toMatchObject({
    name: "issuers.cert-manager.io/*",
  });
  for (const other of [
    signers("approve"),
    signers("approve", "example.com/*"),
    signers("get", "example.com/foo"),
    signers("sign", "a/b", "x.io"),
  ])
    expect(signerDomain(other)).toBeUndefined();
});
