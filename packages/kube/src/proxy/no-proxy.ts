import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * Whether NO_PROXY keeps a server from being reached through the environment's proxy, as Go's net/http reads it: commas between domains
 * (with what is below them), `.suffixes` (only what is below), IP addresses, each with a port or without, CIDRs, and `*` for all.
 * localhost and loopback addresses always are exempt.
 */
export function isExempt(server: URL, noProxy: string): boolean {
  const host = server.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  if (host === "localhost" || holds(loopback, host)) return true;
  return noProxy.split(",").some((entry) => matches(entry.trim().toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const range = rangeOf(entry);
  if (range !== undefined) return holds(range, host);
  const [, bracketed, plain, only = ""] = /^(?:\[(.+)\]|([^:]*)):([^:]*)$/.exec(entry) ?? [];
  const name = bracketed ?? plain ?? entry;
  if (name === "" || (only !== "" && only !== port)) return false;
  const address = rangeOf(`${name}/${isIP(name) === 6 ? 128 : 32}`);
  if (address !== undefined) return holds(address, host);
  const domain = name.replace(/^\*\./, ".");
  return isIP(host) === 0 && (host === domain || host.endsWith(domain.startsWith(".") ? domain : `.${domain}`));
}

/** The addresses of a CIDR. */
function rangeOf(cidr: string): BlockList | undefined {
  const [, network = "", digits] = /^(.+)\/(\d+)$/.exec(cidr) ?? [];
  const family = isIP(network);
  const bits = Number(digits);
  if (family === 0 || bits > (family === 4 ? 32 : 128)) return undefined;
  const range = new BlockList();
  range.addSubnet(network, bits, family === 4 ? "ipv4" : "ipv6");
  return range;
}

function holds(range: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && range.check(host, family === 4 ? "ipv4" : "ipv6");
}
