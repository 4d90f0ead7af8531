import { BlockList, isIP, isIPv4, SocketAddress } from "node:net";

/** An address in the one form in which it is compared; undefined for what is none. */
export function addressIn(text: string): string | undefined {
  const family = isIP(text);
  if (family === 0 || text.includes("%")) return undefined;
  return family === 4 ? text : new SocketAddress({ address: text, family: "ipv6" }).address;
}

/** The same of the bytes that a certificate has: 4, or 16 which aren't an IPv4 address in another form. */
export function textOfAddress(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return undefined;
  const groups = Array.from({ length: 8 }, (_, index) =>
    Buffer.from(bytes)
      .readUInt16BE(index * 2)
      .toString(16),
  );
  const text = addressIn(groups.join(":"));
  return text === undefined || isMapped(text) ? undefined : text;
}

/** The addresses of some networks, as in `10.0.0.0/8`. Throws an Error for what is no network. */
export class Networks {
  readonly #list = new BlockList();

  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const { address, prefix, family } = networkOf(network);
      this.#list.addSubnet(address, prefix, family);
    }
  }

  has(address: string): boolean {
    return this.#list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
  }
}

/** Whether a text is a network, as in `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  try {
    networkOf(text);
    return true;
  } catch {
    return false;
  }
}

function networkOf(text: string): { address: string; prefix: number; family: "ipv4" | "ipv6" } {
  const [address = "", length = "", ...more] = text.split("/");
  const family = isIP(address);
  const prefix = Number(length);
  if (more.length > 0 || family === 0 || !/^\d{1,3}$/.test(length) || prefix > (family === 4 ? 32 : 128))
    throw new Error(`${text} is no network: write it as in 10.0.0.0/8`);
  return { address, prefix, family: family === 4 ? "ipv4" : "ipv6" };
}

/** Addresses that are no single node's: this machine's own, the local link's (where clouds tell machines about themselves), and those of many. */
const reserved = new Networks([
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/96",
  "64:ff9b::/96",
  "fe80::/10",
  "ff00::/8",
]);

/** Whether an address can't be a node's own. */
export function isReservedAddress(address: string): boolean {
  return reserved.has(address) || isMapped(address);
}

/** Whether a DNS name is the API server's or another Service's, or this machine's own, in every cluster. */
export function isReservedName(name: string): boolean {
  return (
    /(^|\.)localhost$/.test(name) ||
    /^kubernetes(\.default)?$/.test(name) ||
    name.endsWith(".svc") ||
    /(^|\.)cluster\.local$/.test(name) ||
    name.includes(".svc.")
  );
}

/** IPv4 in the form of IPv6: `::ffff:10.0.0.1`, which a reader may take for the one or the other. */
function isMapped(address: string): boolean {
  return address.startsWith("::ffff:");
}
