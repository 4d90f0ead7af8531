import { overloads } from "./environment.ts";
import { notBool, refusal } from "./syntax/refusals.ts";
import { describe, typeNamed } from "./syntax/types.ts";

type Words = (...found: string[]) => string;

const limits = "from -9223372036854775808 to 9223372036854775807, a uint from 0 to 18446744073709551615";
const overflow = `the result is beyond whole numbers: an int goes ${limits}; double() gives numbers beyond that`;

/** What the library says of an evaluation, and our words for it. */
const known: readonly [pattern: RegExp, words: Words][] = [
  [/^found no matching overload for '?_\?_:_'? applied to '\((.*)\)'$/, (type = "") => notBool(typeNamed(type), "what stands before ?")],
  [
    /^found no matching overload for '(.*?)' applied to '(?:(.+)\.)?\((.*)\)'$/,
    (name = "", target, args) => noOverload(name, target, args),
  ],
  [/^type mismatch: expected bool, got (\w+)/, (type = "") => notBool(typeNamed(type), "a side of && or ||")],
  [/^type mismatch: iterable vs (\w+)/, (type = "") => `${describe(typeNamed(type))} can't be gone through: it is no list`],
  [/^index (\S+) out of bounds/, (index) => `there is no entry ${index}`],
  [/^unsupported key type$/, () => "a key is a text, a whole number, true or false, and an entry of a list is named by a whole number"],
  [/^unsupported input undefined$/, () => "an entry of a list is named by a whole number"],
  [/^map key conflict: (.*)$/s, (key) => `two entries of the map have the key ${key}`],
  [/^(?:u?int) (?:divide|modulus) by zero$/, () => "it divides by zero"],
  [/^u?int overflow during/, () => overflow],
  [/^(?:duration|timestamp) out of range$/, () => "the time or duration is beyond what can be written: times go from the year 1 to 9999"],
  [/^Failed to decode bytes/, () => "the bytes are not UTF-8, so that they make no text"],
  [
    /^(?:unknown type: (\S+)|Message (\S+) not found in registry)/,
    (a, b) => `there is no type "${a ?? b}": a map is written {"key": value}`,
  ],
  [/^Unknown field (\S+) for (\S+)/, (field, type) => `${type} has no "${field}"`],
  [/^undeclared reference to '(.*?)'/, (name) => `there is no "${name}"`],
  [/^unresolved attribute$/, () => "a name in it stands for nothing"],
  [/^error parsing regexp: (.*)$/s, (what) => `the regular expression can't be used: ${what}`],
];

/** An error of evaluation as the expression's author needs it. `namesSteps`: whether the expression names steps. */
export function explained(message: string, namesSteps = false): string {
  const text = message.replace(/^<input>:\d+:\d+: /, "").replace(/^Error: /, "");
  const [, missing] = /field not found: (.*)/s.exec(text) ?? [];
  if (missing !== undefined)
    return `there is no "${missing}"${namesSteps ? "; a step must write each output that others use to $PLIMSOLL_OUTPUTS" : ""}`;
  for (const [pattern, words] of known) {
    const found = pattern.exec(text);
    if (found !== null) return words(...found.slice(1));
  }
  return text;
}

function noOverload(name: string, target: string | undefined, args = ""): string {
  const operand = (type: string): { type: ReturnType<typeof typeNamed> } => ({ type: typeNamed(type.replace(/\(.*$/, "")) });
  const given = args === "" ? [] : args.split(", ").map(operand);
  return refusal(name, target === undefined ? undefined : operand(target), given, overloads);
}
