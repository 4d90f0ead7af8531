import type { Path, Problem } from "@plimsoll/api";
import { isIP } from "node:net";
import { named, required } from "./check.ts";
import { objectName, type Rule } from "./names.ts";

/** Where names are looked up. */
export interface DnsConfig {
  nameservers?: readonly string[];
  searches?: readonly string[];
  options?: readonly { name?: string; value?: string }[];
}

const address: Rule = (text) => (isIP(text) > 0 ? undefined : "an IP address");
const searched: Rule = (text) =>
  text === "."
    ? undefined
    : objectName(
        text
          .replace(/\.$/, "")
          .replace(/(^|\.)_(?=[a-z0-9])/g, "$1a")
          .replaceAll("_", "-"),
      );

/** What is wrong with where names are looked up. */
export function* dnsProblems(
  { nameservers = [], searches = [], options = [] }: DnsConfig,
  policy: string | undefined,
  path: Path,
): Generator<Problem> {
  if (policy === "None" && nameservers.length === 0)
    yield { path: [...path, "nameservers"], message: "is missing: dnsPolicy None takes at least one" };
  if (nameservers.length > 3) yield { path: [...path, "nameservers"], message: `has ${nameservers.length} entries: must have at most 3` };
  for (const [index, text] of nameservers.entries()) yield* named(text, address, [...path, "nameservers", index]);
  if (searches.length > 32) yield { path: [...path, "searches"], message: `has ${searches.length} entries: must have at most 32` };
  if (searches.join(" ").length > 2048)
    yield { path: [...path, "searches"], message: "is too long: must have at most 2048 characters together" };
  for (const [index, text] of searches.entries()) yield* named(text, searched, [...path, "searches", index]);
  for (const [index, { name }] of options.entries()) yield* required(name, [...path, "options", index, "name"]);
}

/** What is wrong with more lines of /etc/hosts. */
export function* hostProblems(aliases: readonly { ip?: string; hostnames?: readonly string[] }[], path: Path): Generator<Problem> {
  for (const [index, { ip = "", hostnames = [] }] of aliases.entries()) {
    yield* named(ip, address, [...path, index, "ip"]);
    for (const [place, name] of hostnames.entries()) yield* named(name, objectName, [...path, index, "hostnames", place]);
  }
}
