import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { CelScalar, celFunc, celMethod } from "@bufbuild/cel";
import { kindOf } from "./kind.ts";

const { BOOL, INT, STRING } = CelScalar;

interface Version {
  /** Major, minor and patch. */
  numbers: readonly bigint[];
  /** What stands behind a dash, by its dots. */
  pre: readonly string[];
}

const kind = kindOf<Version>("kubernetes.Semver");
const SEMVER = kind.type;

/** Semantic versions, as in `semver(params.version, true).isLessThan(semver("1.30.0"))`. */
export const versions = [
  celFunc("semver", [STRING], SEMVER, (text) => made(text, false)),
  celFunc("semver", [STRING, BOOL], SEMVER, made),
  celFunc("isSemver", [STRING], BOOL, (text) => parse(text) !== undefined),
  celFunc("isSemver", [STRING, BOOL], BOOL, (text, isLoose) => parse(isLoose ? normal(text) : text) !== undefined),
  ...["major", "minor", "patch"].map((name, index) =>
    celMethod(name, SEMVER, [], INT, function () {
      return BigInt.asIntN(64, kind.of(this).numbers[index] ?? 0n);
    }),
  ),
  celMethod("isLessThan", SEMVER, [SEMVER], BOOL, function (other) {
    return compare(kind.of(this), kind.of(other)) < 0;
  }),
  celMethod("isGreaterThan", SEMVER, [SEMVER], BOOL, function (other) {
    return compare(kind.of(this), kind.of(other)) > 0;
  }),
  celMethod("compareTo", SEMVER, [SEMVER], INT, function (other) {
    return BigInt(compare(kind.of(this), kind.of(other)));
  }),
];

function made(text: string, isLoose: boolean): ReflectMessage {
  const version = parse(isLoose ? normal(text) : text);
  if (version === undefined) {
    const hint = !isLoose && parse(normal(text)) !== undefined ? `semver(x, true) takes it` : "write it as in 1.30.0 or 2.0.0-rc.1";
    throw new Error(`"${text.slice(0, 60)}" is no semantic version: ${hint}`);
  }
  return kind.make(`${version.numbers.join(".")}-${version.pre.join(".")}`, version);
}

const form = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\da-z-]+(?:\.[\da-z-]+)*))?(?:\+[\da-z-]+(?:\.[\da-z-]+)*)?$/i;
const isNumber = (part: string): boolean => /^\d+$/.test(part);

function parse(text: string): Version | undefined {
  const [, major = "", minor = "", patch = "", behind] = form.exec(text) ?? [];
  const pre = behind?.split(".") ?? [];
  const numbers = [major, minor, patch];
  const fits = [...numbers, ...pre.filter(isNumber)].every((part) => part !== "" && part.length < 21 && BigInt(part) < 2n ** 64n);
  return !fits || pre.some((part) => /^0\d+$/.test(part)) ? undefined : { numbers: numbers.map(BigInt), pre };
}

/** Without a `v`, with minor and patch, and without zeros at the beginning of each; unchanged where that can't be. */
function normal(text: string): string {
  const [major = "", minor, ...patch] = text.replace(/^v/, "").split(".");
  const given = [major, ...(minor === undefined ? [] : [minor]), ...(patch.length > 0 ? [patch.join(".")] : [])];
  const parts = given.map((part) => (part.length > 1 ? part.replace(/^0+(?=\d)/, "") : part));
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? "")) return text;
  return [...parts, "0", "0"].slice(0, 3).join(".");
}

function compare(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  // What stands before a release is less than it.
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (const [index, part] of a.pre.entries()) {
    const other = b.pre[index];
    const order = other === undefined ? 1 : compareParts(part, other);
    if (order !== 0) return order;
  }
  return a.pre.length < b.pre.length ? -1 : 0;
}

/** Numbers by their value, and before all else. */
function compareParts(a: string, b: string): number {
  if (isNumber(a) && isNumber(b)) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
