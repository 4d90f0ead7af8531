/** How many zeros, or times 1024, a suffix of a quantity stands for. */
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binary: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

/** Kubernetes keeps no more than this: nine digits behind the point, and 2^63 - 1 before it. */
const scale = 1_000_000_000n;
const most = (2n ** 63n - 1n) * scale;

/**
 * A quantity of Kubernetes', as in `500m`, `1.5Gi` or `1e3`, in units of 10⁻⁹, rounded away from zero as the API server does; undefined for
 * what is none. Numbers as YAML reads them are taken, too.
 */
export function parseQuantity(text: string | number): bigint | undefined {
  const [, sign, whole = "", fraction = "", suffix = "", exponent] = form.exec(String(text)) ?? [];
  if (sign === undefined || whole + fraction === "") return undefined;
  const digits = BigInt(whole + fraction);
  const times = binary[suffix];
  const zeros = 9 - fraction.length + (exponent === undefined ? (decimal[suffix] ?? 0) : Number(exponent));
  if (Math.abs(zeros) > 1_000) return digits === 0n ? 0n : zeros > 0 ? signed(sign, most) : signed(sign, 1n);
  const numerator = digits * 1024n ** BigInt(times ?? 0) * 10n ** BigInt(Math.max(0, zeros));
  const value = ceil(numerator, 10n ** BigInt(Math.max(0, -zeros)));
  return signed(sign, value < most ? value : most);
}

/** A quantity of CPU in thousandths of a core, rounded up. Throws a RangeError for what is no quantity. */
export function milliOf(text: string | number): number {
  return Number(toward(quantityOf(text), 1_000_000n));
}

/** A quantity in its own unit (bytes, pods, devices), rounded up. Throws a RangeError for what is no quantity. */
export function valueOf(text: string | number): number {
  return Number(toward(quantityOf(text), scale));
}

function quantityOf(text: string | number): bigint {
  const value = parseQuantity(text);
  if (value === undefined) throw new RangeError(`"${text}" is no quantity: write a number and a suffix, as in 500m or 1Gi`);
  return value;
}

/** Rounded up, and away from zero. */
function toward(value: bigint, unit: bigint): bigint {
  return value < 0n ? -ceil(-value, unit) : ceil(value, unit);
}

function ceil(value: bigint, unit: bigint): bigint {
  return (value + unit - 1n) / unit;
}

function signed(sign: string, value: bigint): bigint {
  return sign === "-" ? -value : value;
}
