import { load } from "js-yaml";
import type { Path } from "../problems/path.ts";
import { isSecretAt, shownAt } from "../problems/shown.ts";
import { type Part, visitScalars } from "./outline.ts";
import { inYaml11, keyInYaml11 } from "./version-1.1.ts";

/** What is said of a scalar, with its place in the text and the document. */
interface Ambiguity {
  message: string;
  path: Path;
  offset: number;
}

/** Scalars that mean one thing to us and another, or nothing, to kubectl. `isJson`: what kubectl reads as such. */
export function otherwiseRead(outline: Part, isJson: boolean): Ambiguity[] {
  const found: Ambiguity[] = [];
  visitScalars(outline, ({ plain, escaped = "", offset }, path, isKey) => {
    const message = plain === undefined ? (isJson ? undefined : escapeFault(escaped)) : ambiguityOf(plain, path, isKey);
    if (message !== undefined) found.push({ message, path, offset });
  });
  return found;
}

/** Escapes of JSON's that YAML 1.1 has not. */
function escapeFault(escaped: string): string | undefined {
  const [, escape] = /^(?:[^\\]|\\(?!\/|u[dD][89a-fA-F])[^])*(\\\/|\\u[dD][89a-fA-F]..)/.exec(escaped) ?? [];
  if (escape === undefined) return undefined;
  const remedy = escape === "\\/" ? "write / alone" : "write the character itself, or \\U and its code with eight digits";
  return `${escape} is an escape of JSON's, at which kubectl and Helm, which read YAML 1.1, refuse a YAML file: ${remedy}`;
}

function ambiguityOf(plain: string, path: Path, isKey: boolean): string | undefined {
  const other = inYaml11(plain);
  if (other === undefined && !mayBeNumber.test(plain)) return undefined;
  const own = load(plain);
  if (isKey) return keyAmbiguity(plain, own, other);
  const isSecret = isSecretAt(path) && typeof other !== "boolean";
  const what = isSecret ? "" : plain;
  const ours = isSecret ? shownAt(path, own) : textOf(own);
  if (other === undefined) return typeof own === "number" ? told(what, ours, "a text", "put it in quotes") : undefined;
  const value = typeof other === "bigint" ? Number(other) : other;
  if (Object.is(value, own) || value === own) return undefined;
  return isSecret
    ? told(what, ours, "another", "put it in quotes")
    : told(what, ours, String(other), `put it in quotes, or write ${other}`);
}

const mayBeNumber = /^[-+.]?\d/;

function keyAmbiguity(plain: string, own: unknown, other: ReturnType<typeof inYaml11>): string | undefined {
  const key = other === undefined ? plain : keyInYaml11(other);
  if (key === String(own)) return undefined;
  return told(`the key ${plain}`, textOf(own), key === undefined ? "none" : other === undefined ? "a text" : key, "put it in quotes");
}

function textOf(own: unknown): string {
  return typeof own === "string" ? "a text" : String(own);
}

function told(what: string, ours: string, other: string, remedy: string): string {
  return `${what === "" ? "" : `${what} `}is ${ours} in YAML 1.2, and ${other} to kubectl and Helm, which read YAML 1.1: ${remedy}`;
}
