import { isIPv4, isIPv6 } from "node:net";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { CelScalar, celFunc, celMethod } from "@bufbuild/cel";
import { kindOf } from "./kind.ts";

const { BOOL, INT, STRING } = CelScalar;

interface Address {
  family: 4 | 6;
  bits: bigint;
}

interface Network {
  /** As it was given, with what stands behind the prefix. */
  address: Address;
  prefix: number;
}

const addressKind = kindOf<Address>("net.IP");
const networkKind = kindOf<Network>("net.CIDR");
const [IP, CIDR] = [addressKind.type, networkKind.type];

/** Addresses and networks of IP, as in `cidr("10.0.0.0/8").containsIP(params.host)`. */
export const addresses = [
  celFunc("ip", [STRING], IP, (text) => madeAddress(addressOf(text))),
  celFunc("isIP", [STRING], BOOL, (text) => parseAddress(text) !== undefined),
  celFunc("ip.isCanonical", [STRING], BOOL, (text) => addressText(addressOf(text)) === text),
  celFunc("string", [IP], STRING, addressKind.textOf),
  celMethod("family", IP, [], INT, function () {
    return BigInt(addressKind.of(this).family);
  }),
  ...Object.entries({
    isUnspecified: (address: Address) => address.bits === 0n,
    isLoopback,
    isLinkLocalMulticast: (address: Address) => isWithin(address, "224.0.0.0/24") || (isMulticast(address) && linkLocal(address)),
    isLinkLocalUnicast,
    isGlobalUnicast: (address: Address) =>
      address.bits !== 0n &&
      !isWithin(address, "255.255.255.255/32") &&
      !isLoopback(address) &&
      !isMulticast(address) &&
      !isLinkLocalUnicast(address),
  }).map(([name, test]) =>
    celMethod(name, IP, [], BOOL, function () {
      return test(addressKind.of(this));
    }),
  ),
  celFunc("cidr", [STRING], CIDR, (text) => madeNetwork(networkOf(text))),
  celFunc("isCIDR", [STRING], BOOL, (text) => parseNetwork(text) !== undefined),
  celFunc("string", [CIDR], STRING, networkKind.textOf),
  celMethod("containsIP", CIDR, [STRING], BOOL, function (text) {
    return contains(networkKind.of(this), addressOf(text));
  }),
  celMethod("containsIP", CIDR, [IP], BOOL, function (address) {
    return contains(networkKind.of(this), addressKind.of(address));
  }),
  celMethod("containsCIDR", CIDR, [STRING], BOOL, function (text) {
    return containsNetwork(networkKind.of(this), networkOf(text));
  }),
  celMethod("containsCIDR", CIDR, [CIDR], BOOL, function (network) {
    return containsNetwork(networkKind.of(this), networkKind.of(network));
  }),
  celMethod("ip", CIDR, [], IP, function () {
    return madeAddress(networkKind.of(this).address);
  }),
  celMethod("prefixLength", CIDR, [], INT, function () {
    return BigInt(networkKind.of(this).prefix);
  }),
  celMethod("masked", CIDR, [], CIDR, function () {
    const { address, prefix } = networkKind.of(this);
    const behind = BigInt(widthOf(address) - prefix);
    return madeNetwork({ address: { ...address, bits: (address.bits >> behind) << behind }, prefix });
  }),
];

function madeAddress(address: Address): ReflectMessage {
  return addressKind.make(addressText(address), address);
}

function madeNetwork(network: Network): ReflectMessage {
  return networkKind.make(`${addressText(network.address)}/${network.prefix}`, network);
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`"${text.slice(0, 60)}" is no IP address: write it as in 10.0.0.1 or 2001:db8::1`);
  return address;
}

function networkOf(text: string): Network {
  const network = parseNetwork(text);
  if (network === undefined) throw new Error(`"${text.slice(0, 60)}" is no network: write it as in 10.0.0.0/8 or 2001:db8::/32`);
  return network;
}

/** Neither with a zone, nor IPv4 within IPv6. */
function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 4, bits: text.split(".").reduce((bits, part) => bits * 256n + BigInt(part), 0n) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const [before = "", after] = canonical(text).split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const [head, tail] = [groups(before), groups(after ?? "")];
  const all = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => "0"), ...tail];
  const bits = all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
  return bits >> 32n === 0xffffn ? undefined : { family: 6, bits };
}

/** An IPv6 address as RFC 5952 writes it, which is how URLs do. */
function canonical(text: string): string {
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

function addressText({ family, bits }: Address): string {
  const parts = (count: number, size: bigint): bigint[] =>
    Array.from({ length: count }, (_, index) => (bits >> (BigInt(count - 1 - index) * size)) & (2n ** size - 1n));
  if (family === 4) return parts(4, 8n).join(".");
  return canonical(
    parts(8, 16n)
      .map((part) => part.toString(16))
      .join(":"),
  );
}

function parseNetwork(text: string): Network | undefined {
  const slash = text.lastIndexOf("/");
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  const prefix = Number(digits);
  return address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(digits) || prefix > widthOf(address) ? undefined : { address, prefix };
}

function widthOf({ family }: Address): number {
  return family === 4 ? 32 : 128;
}

function contains({ address, prefix }: Network, other: Address): boolean {
  const behind = BigInt(widthOf(address) - prefix);
  return address.family === other.family && address.bits >> behind === other.bits >> behind;
}

function containsNetwork(network: Network, { address, prefix }: Network): boolean {
  return network.prefix <= prefix && contains(network, address);
}

function isWithin(address: Address, network: string): boolean {
  return contains(networkOf(network), address);
}

function isLoopback(address: Address): boolean {
  return isWithin(address, "127.0.0.0/8") || isWithin(address, "::1/128");
}

function isMulticast(address: Address): boolean {
  return isWithin(address, "224.0.0.0/4") || isWithin(address, "ff00::/8");
}

function isLinkLocalUnicast(address: Address): boolean {
  return isWithin(address, "169.254.0.0/16") || isWithin(address, "fe80::/10");
}

/** Of a multicast address of IPv6, the scope. */
function linkLocal({ family, bits }: Address): boolean {
  return family === 6 && ((bits >> 112n) & 0xfn) === 2n;
}
