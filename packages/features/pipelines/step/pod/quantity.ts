const units = new Map<string, readonly [base: bigint, exponent: number]>([
  ["n", [10n, -9]],
  ["u", [10n, -6]],
  ["m", [10n, -3]],
  ["", [10n, 0]],
  ...["k", "M", "G", "T", "P", "E"].map((unit, index): [string, [bigint, number]] => [unit, [10n, 3 * (index + 1)]]),
  ...["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((unit, index): [string, [bigint, number]] => [unit, [1024n, index + 1]]),
]);

/** A number, exactly: what it is of 10 ** -places. */
interface Decimal {
  digits: bigint;
  places: number;
}

/** Kubernetes' quantities end at 2 ** 63; far beyond it, exact numbers would only be long. */
const mostPlaces = 40;

/**
 * A Kubernetes quantity of bytes times a factor, exactly: in its own unit where at most three decimals say it, else in bytes, rounded up.
 * What is no quantity, or is beyond all bounds, stays as it is: the API server says what is wrong with it.
 */
export function multiplied(quantity: string, factor: number): string {
  const [, number = "", unit = "", exponent] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?$/.exec(quantity) ?? [];
  const [base, power] = exponent === undefined ? (units.get(unit) ?? [10n, 0]) : [10n, Number(exponent)];
  const [amount, by] = [decimalOf(number), decimalOf(String(factor))];
  if (factor === 1 || amount === undefined || by === undefined || Math.abs(power) > mostPlaces) return quantity;

  const product: Decimal = { digits: amount.digits * by.digits, places: amount.places + by.places };
  const [numerator, divisor] = inBytes(product, base, power);
  const text = textOf(product);
  const isWhole = numerator % divisor === 0n;
  if (isWhole && text !== undefined) return text + (exponent === undefined ? unit : `e${exponent}`);
  return String(numerator / divisor + (numerator > 0n && !isWhole ? 1n : 0n));
}

function inBytes({ digits, places }: Decimal, base: bigint, power: number): [numerator: bigint, divisor: bigint] {
  const scale = 10n ** BigInt(places);
  return power < 0 ? [digits, scale * base ** BigInt(-power)] : [digits * base ** BigInt(power), scale];
}

function decimalOf(text: string): Decimal | undefined {
  const [, sign = "", whole = "", part = "", exponent = "0"] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/.exec(text) ?? [];
  const places = part.length - Number(exponent);
  if (whole + part === "" || Math.abs(places) > mostPlaces) return undefined;
  const digits = BigInt(`${sign === "-" ? "-" : ""}${whole}${part}`);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

/** A number's decimals; undefined for more than three. */
function textOf({ digits, places }: Decimal): string | undefined {
  let [rest, left] = [digits, places];
  for (; left > 0 && rest % 10n === 0n; left -= 1) rest /= 10n;
  if (left > 3) return undefined;
  const sign = rest < 0n ? "-" : "";
  const text = String(rest < 0n ? -rest : rest).padStart(left + 1, "0");
  return left === 0 ? sign + text : `${sign}${text.slice(0, -left)}.${text.slice(-left)}`;
}
