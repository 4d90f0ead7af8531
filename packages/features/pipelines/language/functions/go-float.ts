/*
 * Doubles as Go's strconv reads and writes them, and so cel-go: CEL's own texts say no more than "an implementation's".
 */

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const hexadecimal = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i;

/** The number that a text is. Throws an Error for what is none, and for what is too large. */
export function parseFloat64(text: string): number {
  const plain = text.replace(/(?<=[\da-f])_(?=[\da-f])/gi, "");
  const [, infinite] = /^([+-]?)inf(?:inity)?$/i.exec(plain) ?? [];
  if (infinite !== undefined) return infinite === "-" ? -Infinity : Infinity;
  if (/^nan$/i.test(plain)) return NaN;
  const number = decimal.test(plain) ? Number(plain) : hexadecimalOf(plain);
  if (number === undefined) throw new Error(`"${text.slice(0, 40)}" is not a number`);
  if (!Number.isFinite(number)) throw new Error(`"${text.slice(0, 40)}" is larger than any double`);
  return number;
}

function hexadecimalOf(text: string): number | undefined {
  const [, sign, whole = "", fraction = "", exponent] = hexadecimal.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return undefined;
  return (sign === "-" ? -1 : 1) * Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length);
}

/** The shortest text that gives the same number again, as `string()` has it. */
export function formatShortest(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (Object.is(value, -0)) return "-0";
  const text = value.toExponential();
  const exponent = Number(text.slice(text.indexOf("e") + 1));
  // JavaScript begins with an exponent at 10⁻⁷ and 10²¹.
  return exponent < -4 || exponent >= 6 ? padded(text) : String(value);
}

/** With so many digits behind the point, rounded to the even one where two are as near: of the number as it is, not of its shortest text. */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatShortest(value).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
  const { sign, mantissa, exponent } = partsOf(value);
  const numerator = mantissa * 10n ** BigInt(digits) * 2n ** BigInt(Math.max(0, exponent));
  const rounded = divideToEven(numerator, 2n ** BigInt(Math.max(0, -exponent)))
    .toString()
    .padStart(digits + 1, "0");
  return `${sign}${digits === 0 ? rounded : `${rounded.slice(0, -digits)}.${rounded.slice(-digits)}`}`;
}

/** With an exponent of at least two digits; rounded as `formatFixed` does. */
export function formatExponent(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatFixed(value, 0);
  const { sign, mantissa, exponent } = partsOf(value);
  if (mantissa === 0n) return `${sign}${scientific("0".repeat(digits + 1), 0)}`;
  const shortest = value.toExponential();
  // That of the shortest text is at most one too large, and rounding may carry.
  for (let power = Number(shortest.slice(shortest.indexOf("e") + 1)) - 1; ; power += 1) {
    const shift = digits - power;
    const numerator = mantissa * 10n ** BigInt(Math.max(0, shift)) * 2n ** BigInt(Math.max(0, exponent));
    const rounded = divideToEven(numerator, 10n ** BigInt(Math.max(0, -shift)) * 2n ** BigInt(Math.max(0, -exponent))).toString();
    if (rounded.length <= digits + 1) return `${sign}${scientific(rounded, power)}`;
  }
}

function scientific(digits: string, power: number): string {
  return padded(`${digits.slice(0, 1)}${digits.length > 1 ? "." : ""}${digits.slice(1)}e${power < 0 ? "-" : "+"}${Math.abs(power)}`);
}

/** The shortest text that gives the same number again, without an exponent. */
export function formatPlain(value: number): string {
  if (!Number.isFinite(value)) return formatFixed(value, 0);
  if (Object.is(value, -0)) return "-0";
  const [, sign = "", first = "", rest = "", power] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(value.toExponential()) ?? [];
  const digits = first + rest;
  const point = Number(power) + 1;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const whole = digits.slice(0, point).padEnd(point, "0");
  return `${sign}${whole}${digits.length > point ? `.${digits.slice(point)}` : ""}`;
}

function padded(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** A finite number as sign · mantissa · 2^exponent. */
function partsOf(value: number): { sign: string; mantissa: bigint; exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xf_ffff_ffff_ffffn;
  return {
    sign: raw >> 63n === 1n ? "-" : "",
    mantissa: biased === 0 ? fraction : fraction | (1n << 52n),
    exponent: Math.max(biased, 1) - 1075,
  };
}

function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  return twice > denominator || (twice === denominator && quotient % 2n === 1n) ? quotient + 1n : quotient;
}
