import { isIPv6 } from "node:net";
import { spend } from "../../metered.ts";

/*
 * URLs as Go's net/url reads them, which keeps them as they were written: those of browsers, which JavaScript has, add slashes, take out ports,
 * and refuse other texts.
 */

/** The parts of a URL, each the empty text where it isn't there. */
export interface Url {
  scheme: string;
  /** With the port, and an IPv6 address in brackets. */
  host: string;
  hostname: string;
  port: string;
  /** Escaped. */
  path: string;
  /** As it was written, without the question mark. */
  query: string;
}

/** Whether a text is an absolute URL, or a path from `/`. */
export function isUrl(text: string): boolean {
  return partsOf(text, true) !== undefined;
}

/** Undefined for what is none, or has something wrong behind a `#`, which is no part of it. */
export function parseUrl(text: string): Url | undefined {
  const [before = "", ...behind] = text.split("#");
  return isUrl(text) && isEscaped(behind.join("#")) ? partsOf(before, false) : undefined;
}

/** `isWhole`: it must not be relative. */
function partsOf(text: string, isWhole: boolean): Url | undefined {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001F\u007F]/.test(text)) return undefined;
  const none = { scheme: "", host: "", hostname: "", port: "", path: "", query: "" };
  if (text === "*") return { ...none, path: "*" };
  const [, scheme = "", rest = ""] = /^(?:([A-Za-z][A-Za-z\d+.-]*):)?([^]*)$/.exec(text) ?? [];
  if (text.startsWith(":")) return undefined;
  const [before = "", ...behind] = rest.split("?");
  const url = { ...none, scheme: scheme.toLowerCase(), query: behind.join("?") };
  if (!before.startsWith("/")) {
    if (scheme !== "") return url;
    return isWhole || before.split("/", 1)[0]?.includes(":") ? undefined : withPath(url, before);
  }
  if (!before.startsWith("//") || (scheme === "" && (isWhole || before.startsWith("///")))) return withPath(url, before);
  const [, authority = "", path = ""] = /^\/\/([^/]*)([^]*)$/.exec(before) ?? [];
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(0, at));
  if (!/^[\w\-.:~!$&'()*+,;=%@]*$/.test(user) || !isEscaped(user)) return undefined;
  const host = hostOf(url.scheme, authority.slice(at + 1));
  return host === undefined ? undefined : withPath({ ...url, ...host }, path);
}

function withPath(url: Url, path: string): Url | undefined {
  return isEscaped(path) ? { ...url, path: escapedPath(path) } : undefined;
}

function hostOf(scheme: string, host: string): Pick<Url, "host" | "hostname" | "port"> | undefined {
  const [, address, plain, port] = /^(?:\[([^[]*)\]|([^[]*?))(?::(\d*))?$/.exec(host) ?? [];
  if (address !== undefined) {
    const text = unescapedHost(address);
    if (text === undefined || !isIPv6(text)) return undefined;
    return { host: `[${text}]${port === undefined ? "" : `:${port}`}`, hostname: text, port: port ?? "" };
  }
  const text = plain === undefined ? undefined : unescapedHost(plain);
  // Databases' URLs name several hosts, each with a port.
  if (text === undefined || (plain?.includes(":") && (port === undefined || /^https?$/.test(scheme)))) return undefined;
  return { host: `${text}${port === undefined ? "" : `:${port}`}`, hostname: text, port: port ?? "" };
}

/** Only what is no ASCII may be escaped in a host, and a percent sign. */
function unescapedHost(text: string): string | undefined {
  const isHost = /^(?:[\w\-.~!$&'()*+,;=:[\]<>"]|[\u0080-\u{10FFFF}]|%(?:25|[89a-f][\da-f]))*$/iu.test(text);
  return isHost ? unescaped(text) : undefined;
}

function isEscaped(text: string): boolean {
  return !/%(?![\da-f]{2})/i.test(text);
}

/** Throws nothing: bytes that are not UTF-8 become U+FFFD. */
function unescaped(text: string): string {
  if (!text.includes("%")) return text;
  const bytes = text.replace(
    /%([\da-f]{2})|([^]+?(?=%|$))/gi,
    (_, hex: string | undefined, plain: string) => hex ?? Buffer.from(plain).toString("hex"),
  );
  return Buffer.from(bytes, "hex").toString();
}

/** As it was written where it may be; else with all in it escaped that must be. */
function escapedPath(path: string): string {
  if (/^[\w\-.~!$&'()*+,;=:@/[\]%]*$/.test(path)) return path;
  const escape = (character: string): string =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  return unescaped(path).replace(/[^\w\-.~$&+,/:;=@]/gu, escape);
}

/** The values of each key of a query; what isn't rightly escaped, or has a semicolon, is left out. */
export function queryOf(query: string): Map<string, string[]> {
  spend("characters", query.length);
  const values = new Map<string, string[]>();
  for (const part of query.split("&")) {
    if (part === "" || part.includes(";") || !isEscaped(part)) continue;
    const [key = "", ...rest] = part.split("=");
    const plain = (text: string): string => unescaped(text.replaceAll("+", " "));
    const value = plain(rest.join("="));
    const known = values.get(plain(key));
    if (known === undefined) values.set(plain(key), [value]);
    else known.push(value);
  }
  return values;
}
