/*
 * YAML has two versions, and plain scalars mean other things in each: this project reads 1.2, kubectl and Helm 1.1, as sigs.k8s.io/yaml does
 * (its goyaml.v2/resolve.go). Whoever writes such a scalar should say which is meant.
 */

const truths = new Set(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]);
const untruths = new Set(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]);
const integer = /^[-+]?(?:0x[\da-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;

/** What kubectl takes a plain scalar for, where that is a truth value or a number; undefined: what YAML 1.2 says, or a text. */
export function inYaml11(text: string): boolean | number | undefined {
  if (!/^[-+.\d]/.test(text)) return truths.has(text) ? true : untruths.has(text) ? false : undefined;
  const digits = text.replaceAll("_", "");
  if (integer.test(digits)) return integerOf(digits);
  // Go knows no number beyond all doubles: it is a text there.
  return float.test(digits) && Number.isFinite(Number(digits)) ? Number(digits) : undefined;
}

function integerOf(digits: string): number {
  const sign = digits.startsWith("-") ? -1 : 1;
  const magnitude = digits.replace(/^[-+]/, "");
  return sign * Number(magnitude.replace(/^0o?(?=[0-7])/i, "0o"));
}
