import { ConfigError } from "../../config/read.ts";

type Tree = Record<string, unknown>;

/**
 * The values with what a text sets, as Helm's `--set` has it: `a.b=c,d={x,y},e[0].f=1`; `[]` and `{}` are the empty list. A backslash takes a character as it is; `true`,
 * `false`, `null` and whole numbers are what they look like, all else is text. Throws a ConfigError.
 */
export function setValues(values: object, text: string): object {
  const result = structuredClone(values) as Tree;
  for (const [keys, value] of assignments(text)) assign(result, keys, value, text);
  return result;
}

type Key = string | number;

function* assignments(text: string): Generator<[Key[], unknown]> {
  for (const one of split(text, ",")) {
    const [left = "", ...right] = split(one, "=");
    if (right.length === 0 || left === "") throw mistake(text, `"${one}" sets nothing: write it as in image.tag=1.2`);
    yield [split(left, ".").flatMap((part) => keysOf(part, text)), valueOf(right.join("="))];
  }
}

/** `b[0]` is two keys. */
function keysOf(part: string, text: string): Key[] {
  const [, name = "", indexes = ""] = /^((?:\\.|[^[\\])*)((?:\[\d{1,4}\])*)$/s.exec(part) ?? [];
  if (name === "") throw mistake(text, `"${part}" is no key: write it as in image.tag=1.2 or tolerations[0].key=gpu`);
  return [unescaped(name), ...Array.from(indexes.matchAll(/\d+/g), ([index]) => Number(index))];
}

function valueOf(text: string): unknown {
  if (text === "[]") return [];
  if (text.startsWith("{") && text.endsWith("}")) {
    const inner = text.slice(1, -1);
    return inner === "" ? [] : split(inner, ",").map(scalar);
  }
  return scalar(text);
}

function scalar(text: string): unknown {
  const word = text.toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  if (word === "null") return null;
  // With a zero before it, it is a code.
  if (/^(0|-?[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  return unescaped(text);
}

/** Parts between separators, but for those behind a backslash or within braces. */
function split(text: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "\\") {
      parts.push(`${parts.pop()}${text.slice(index, index + 2)}`);
      index += 1;
      continue;
    }
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    if (character === separator && depth <= 0) parts.push("");
    else parts.push(`${parts.pop()}${character}`);
  }
  return parts;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, "$1");
}

function assign(tree: Tree, keys: readonly Key[], value: unknown, text: string): void {
  let at: unknown = tree;
  for (const [index, key] of keys.entries()) {
    if (typeof at !== "object" || at === null || Array.isArray(at) !== (typeof key === "number"))
      throw mistake(text, `${keys.slice(0, index).join(".")} is set to something else already`);
    if (Array.isArray(at) && Number(key) > at.length) throw mistake(text, `entry ${key} comes before entry ${at.length} is given`);
    if (key === "__proto__") throw mistake(text, `"${key}" is no key`);
    if (index === keys.length - 1) Reflect.set(at, key, value);
    else {
      const inner: unknown = Reflect.get(at, key);
      const next = inner ?? (typeof keys[index + 1] === "number" ? [] : {});
      Reflect.set(at, key, next);
      at = next;
    }
  }
}

function mistake(text: string, message: string): ConfigError {
  return new ConfigError(`--set ${text}`, [{ path: [], message }]);
}
