/** How many zeros, or times 1024, a suffix of a quantity stands for. */
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binary: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

/** Kubernetes keeps nine digits behind the point. */
const scale = 1_000_000_000n;
/** What a program in Go can count: whatever is more is as much. */
const most = 2n ** 63n - 1n;

/**
 * A quantity of Kubernetes', as in `500m`, `1.5Gi` or `1e3`, in units of 10⁻⁹, rounded away from zero as the API server does; undefined for
 * what is none. Numbers as YAML reads them are taken, too.
 */
export function parseQuantity(text: string | number): bigint | undefined {
  const [all, sign = "", whole = "", fraction = "", suffix = "", exponent] = form.exec(String(text)) ?? [];
  if (!all) return undefined;
  // To Kubernetes, what has no digits is zero.
  const digits = BigInt(whole + fraction);
  const times = binary[suffix];
  const zeros = 9 - fraction.length + (exponent === undefined ? (decimal[suffix] ?? 0) : Number(exponent));
  if (Math.abs(zeros) > 1_000) return digits === 0n ? 0n : signed(sign, zeros > 0 ? most * scale : 1n);
  const numerator = digits * 1024n ** BigInt(times ?? 0) * 10n ** BigInt(Math.max(0, zeros));
  const value = ceil(numerator, 10n ** BigInt(Math.max(0, -zeros)));
  // Only these are cut off.
  return signed(sign, times !== undefined && value > most * scale ? most * scale : value);
}

/** A quantity of CPU in thousandths of a core, rounded up. Throws a RangeError for what is no quantity. */
export function milliOf(text: string | number): number {
  return milliOfNano(quantityOf(text));
}

/** A quantity in its own unit (bytes, pods, devices), rounded up. Throws a RangeError for what is no quantity. */
export function valueOf(text: string | number): number {
  return valueOfNano(quantityOf(text));
}

/** Of what is in units of 10⁻⁹. */
export function milliOfNano(nano: bigint): number {
  return counted(nano, 1_000_000n);
}

/** Of what is in units of 10⁻⁹. */
export function valueOfNano(nano: bigint): number {
  return counted(nano, scale);
}

/** As parseQuantity. Throws a RangeError for what is no quantity. */
export function quantityOf(text: string | number): bigint {
  const value = known.get(text) ?? parseQuantity(text);
  if (value === undefined) throw new RangeError(`"${text}" is no quantity: write a number and a suffix, as in 500m or 1Gi`);
  // Very many pods ask for the same.
  if (known.size >= 10_000) known.clear();
  known.set(text, value);
  return value;
}

const known = new Map<string | number, bigint>();

/** Rounded up; away from zero. */
function counted(value: bigint, unit: bigint): number {
  if (value < 0n) return -counted(-value, unit);
  const count = ceil(value, unit);
  return Number(count < most ? count : most);
}

function ceil(value: bigint, unit: bigint): bigint {
  return (value + unit - 1n) / unit;
}

function signed(sign: string, value: bigint): bigint {
  return sign === "-" ? -value : value;
}
