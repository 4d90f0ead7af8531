/*
 * YAML has two versions, and plain scalars mean other things in each: this project reads 1.2, kubectl and Helm 1.1, as sigs.k8s.io/yaml does
 * (resolve.go of go.yaml.in/yaml/v2). Whoever writes such a scalar should say which is meant.
 */

const truths = new Set(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]);
const untruths = new Set(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]);
const integer = /^[-+]?(?:0x[\da-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;
const infinite = /^([-+]?)\.(?:inf|Inf|INF)$/;

/** What kubectl takes a plain scalar for: a truth value, a whole number, another number; undefined: null, or a text. */
export function inYaml11(text: string): boolean | bigint | number | undefined {
  if (!/^[-+.\d]/.test(text)) return truths.has(text) ? true : untruths.has(text) ? false : undefined;
  const [, sign] = infinite.exec(text) ?? [];
  if (sign !== undefined) return sign === "-" ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return NaN;
  // What begins with a dot is read by Go's own rules.
  const digits = text.replaceAll(text.startsWith(".") ? /(?<=\d)_(?=\d)/g : "_", "");
  const whole = integer.test(digits) ? integerOf(digits) : undefined;
  if (whole !== undefined) return whole;
  // Go knows no number beyond all doubles: it is a text there.
  return float.test(digits) && Number.isFinite(Number(digits)) ? Number(digits) : undefined;
}

/** Go knows those of 64 bits; with or without a sign. */
function integerOf(digits: string): bigint | undefined {
  const magnitude = BigInt(digits.replace(/^[-+]/, "").replace(/^0o?(?=[0-7])/i, "0o"));
  const value = digits.startsWith("-") ? -magnitude : magnitude;
  return value >= -(2n ** 63n) && value < (/^[-+]/.test(digits) ? 2n ** 63n : 2n ** 64n) ? value : undefined;
}

/** The key that sigs.k8s.io/yaml makes of a scalar of these; undefined: it refuses it. */
export function keyInYaml11(value: boolean | bigint | number): string | undefined {
  if (typeof value === "bigint") return value < 2n ** 63n ? String(value) : undefined;
  if (typeof value === "boolean") return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? ".nan" : value < 0 ? "-.inf" : ".inf";
  return floatKey(value);
}

/** Go's FormatFloat(value, 'g', -1, 32): a number that isn't whole has as many digits as tell floats of 32 bits apart. */
function floatKey(value: number): string {
  const float = Math.fround(value);
  if (!Number.isFinite(float)) return float < 0 ? "-.inf" : ".inf";
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((digits) => Math.fround(Number(float.toPrecision(digits))) === float) ?? 9;
  const [mantissa = "", exponent = 0] = float.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return Object.is(float, -0) ? "-0" : String(Number(float.toPrecision(digits)));
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
