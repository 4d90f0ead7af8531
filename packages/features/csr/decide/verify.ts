import type { Fault } from "./fault.ts";
import { addressIn } from "./addresses.ts";
import { nodesGroup } from "../pkcs10/names.ts";
import type { CertificateRequest } from "../pkcs10/read.ts";

/** Says what is wrong with a request's signature, or with how it was read; undefined: nothing. */
export type Verify = (request: CertificateRequest) => Promise<Fault | undefined>;

/**
 * Loads the library that verifies signatures. It reads the request once more, and has to find the same in it: where two readers differ,
 * neither is believed.
 */
export async function loadVerify(): Promise<Verify> {
  await import("reflect-metadata");
  const { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } = await import("@peculiar/x509");
  return async ({ commonName, dnsNames, addresses, der }) => {
    try {
      const request = new Pkcs10CertificateRequest(Uint8Array.from(der));
      const subject = request.subjectName
        .toJSON()
        .flatMap((rdn) => Object.entries(rdn).map(([type, values]) => `${type}=${values.join("+")}`));
      const names = request.extensions.flatMap((extension) =>
        extension instanceof SubjectAlternativeNameExtension
          ? extension.names.items.map(({ type, value }) => `${type}:${type === "ip" ? addressIn(value) : value}`)
          : [`the extension ${extension.type}`],
      );
      const isSame =
        same(subject, [`CN=${commonName}`, `O=${nodesGroup}`]) &&
        same(names, [...dnsNames.map((name) => `dns:${name}`), ...addresses.map((address) => `ip:${address}`)]);
      if (!isSame) return { code: "Encoding", note: "two readers find different names in the request" };
      return (await request.verify()) ? undefined : { code: "Signature", note: "the signature is not the key's" };
    } catch {
      return { code: "Signature", note: "the signature can't be verified" };
    }
  };
}

function same(some: readonly string[], others: readonly string[]): boolean {
  const sorted = others.toSorted();
  return some.length === others.length && some.toSorted().every((text, index) => text === sorted[index]);
}
