import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { newest, type Release } from "./release-index.ts";
import { isSigned, keyFault, signIndex } from "./signature.ts";

const digest = (text: string): string => `sha256:${text.padStart(64, "0")}`;
const release = (version: string, channel: Release["channel"] = "stable"): Release => ({
  version,
  channel,
  date: "2026-11-27T00:00:00Z",
  chart: { url: "https://x/y.tgz", digest: digest(version.replaceAll(/\D/g, "")) },
});
const all = [release("0.1.0"), release("0.1.9"), release("0.1.10"), release("0.2.0"), release("0.3.0-rc.1", "candidate"), release("1.0.0")];
const wanted = { channel: "stable", constraint: "", pin: "" } as const;

test.each<[what: string, more: Partial<Parameters<typeof newest>[2]>, present: string, version: string | undefined]>([
  ["the newest of all", {}, "0.1.0", "1.0.0"],
  ["the newest within a range, by number and not by letter", { constraint: "~0.1" }, "0.1.0", "0.1.10"],
  ["none, where the range has nothing newer", { constraint: "~0.1" }, "0.1.10", undefined],
  ["never an older one", {}, "2.0.0", undefined],
  ["no candidate, unless they are wanted", { constraint: "<1" }, "0.1.0", "0.2.0"],
  ["a candidate, where they are", { channel: "candidate", constraint: "<1" }, "0.1.0", "0.3.0-rc.1"],
  ["the one that is pinned", { pin: digest("020") }, "0.1.0", "0.2.0"],
  ["none, where the pinned one isn't newer", { pin: digest("020") }, "0.2.0", undefined],
])("%s", (_, more, present, version) => {
  expect(newest(all, present, { ...wanted, ...more })?.version).toBe(version);
});

test("a list is signed by one of the keys, or it isn't", () => {
  const [ours, others] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
  const pem = ({ publicKey }: typeof ours): string => publicKey.export({ format: "pem", type: "spki" }).toString();
  const bytes = Buffer.from("{}");
  const signature = signIndex(bytes, ours.privateKey);
  expect(isSigned(bytes, `${signature}\n`, [pem(others), pem(ours)])).toBe(true);
  expect(isSigned(bytes, signature, [pem(others)])).toBe(false);
  expect(isSigned(Buffer.from("{ }"), signature, [pem(ours)])).toBe(false);
  expect(isSigned(bytes, "", [pem(ours)])).toBe(false);
});

test("a private key is refused, though it has a public part", () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  expect(keyFault(privateKey.export({ format: "pem", type: "pkcs8" }).toString())).toMatch(/^is a private key/);
});

test("a key of another kind is refused", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  expect(keyFault(publicKey.export({ format: "pem", type: "spki" }).toString())).toBe("is a key of type rsa: give one of Ed25519");
  expect(keyFault("x")).toMatch(/is no public key/);
});
