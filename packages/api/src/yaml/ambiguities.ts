import { load } from "js-yaml";
import { type Part, visitPlain } from "./outline.ts";
import { inYaml11, keyInYaml11 } from "./version-1.1.ts";

/** Plain scalars that mean one thing to us and another to kubectl. */
export function otherwiseRead(outline: Part): { message: string; offset: number }[] {
  const found: { message: string; offset: number }[] = [];
  visitPlain(outline, (plain, offset, isKey) => {
    const message = ambiguityOf(plain, isKey);
    if (message !== undefined) found.push({ message, offset });
  });
  return found;
}

function ambiguityOf(plain: string, isKey: boolean): string | undefined {
  const other = inYaml11(plain);
  if (other === undefined && !mayBeNumber.test(plain)) return undefined;
  const own = load(plain);
  if (isKey) return keyAmbiguity(plain, own, other);
  if (other === undefined) return typeof own === "number" ? told(plain, own, "a text", "put it in quotes") : undefined;
  const value = typeof other === "bigint" ? Number(other) : other;
  return Object.is(value, own) || value === own ? undefined : told(plain, own, String(other), `put it in quotes, or write ${other}`);
}

const mayBeNumber = /^[-+.]?\d/;

function keyAmbiguity(plain: string, own: unknown, other: ReturnType<typeof inYaml11>): string | undefined {
  const key = other === undefined ? plain : keyInYaml11(other);
  if (key === String(own)) return undefined;
  return told(`the key ${plain}`, own, key === undefined ? "none" : other === undefined ? "a text" : key, "put it in quotes");
}

function told(what: string, own: unknown, other: string, remedy: string): string {
  const ours = typeof own === "string" ? "a text" : String(own);
  return `${what} is ${ours} in YAML 1.2, and ${other} to kubectl and Helm, which read YAML 1.1: ${remedy}`;
}
