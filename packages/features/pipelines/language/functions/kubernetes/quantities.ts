import { CelScalar, celFunc, celMethod } from "@bufbuild/cel";
import { parseQuantity } from "@plimsoll/model/quantity";
import { kindOf } from "./kind.ts";

const { BOOL, DOUBLE, INT, STRING } = CelScalar;

interface Quantity {
  /** In units of 10⁻⁹. */
  nano: bigint;
  /** value · 10^scale, where Go holds it so: only then it takes a whole one for an integer. */
  amount: Amount | undefined;
}

interface Amount {
  value: bigint;
  scale: number;
}

const kind = kindOf<Quantity>("kubernetes.Quantity");
const QUANTITY = kind.type;
const unit = 1_000_000_000n;
const isInt = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

/** Kubernetes' quantities, as in `quantity("1.5Gi").isLessThan(quantity("2Gi"))`. */
export const quantities = [
  celFunc("quantity", [STRING], QUANTITY, (text) => {
    const nano = parseQuantity(text);
    if (nano === undefined) throw new Error(`"${text.slice(0, 40)}" is no quantity: write a number and a suffix, as in 500m or 1.5Gi`);
    return made({ nano, amount: amountOf(text) });
  }),
  celFunc("isQuantity", [STRING], BOOL, (text) => parseQuantity(text) !== undefined),
  celFunc("sign", [QUANTITY], INT, (quantity) => signOf(kind.of(quantity).nano)),
  celMethod("sign", QUANTITY, [], INT, function () {
    return signOf(kind.of(this).nano);
  }),
  celMethod("isInteger", QUANTITY, [], BOOL, function () {
    return integerOf(kind.of(this)) !== undefined;
  }),
  celMethod("asInteger", QUANTITY, [], INT, function () {
    const integer = integerOf(kind.of(this));
    if (integer === undefined) throw new Error("asInteger: the quantity is no whole number, or written as none: take asApproximateFloat()");
    return integer;
  }),
  celMethod("asApproximateFloat", QUANTITY, [], DOUBLE, function () {
    const { nano } = kind.of(this);
    return nano % unit === 0n ? Number(nano / unit) : Number(nano) / Number(unit);
  }),
  celMethod("add", QUANTITY, [QUANTITY], QUANTITY, function (other) {
    return made(sum(kind.of(this), kind.of(other)));
  }),
  celMethod("add", QUANTITY, [INT], QUANTITY, function (other) {
    return made(sum(kind.of(this), whole(other)));
  }),
  celMethod("sub", QUANTITY, [QUANTITY], QUANTITY, function (other) {
    return made(sum(kind.of(this), negative(kind.of(other))));
  }),
  celMethod("sub", QUANTITY, [INT], QUANTITY, function (other) {
    return made(sum(kind.of(this), negative(whole(other))));
  }),
  celMethod("isLessThan", QUANTITY, [QUANTITY], BOOL, function (other) {
    return kind.of(this).nano < kind.of(other).nano;
  }),
  celMethod("isGreaterThan", QUANTITY, [QUANTITY], BOOL, function (other) {
    return kind.of(this).nano > kind.of(other).nano;
  }),
  celMethod("compareTo", QUANTITY, [QUANTITY], INT, function (other) {
    return signOf(kind.of(this).nano - kind.of(other).nano);
  }),
];

function made(quantity: Quantity): ReturnType<typeof kind.make> {
  return kind.make(String(quantity.nano), quantity);
}

function signOf(value: bigint): bigint {
  return value > 0n ? 1n : value < 0n ? -1n : 0n;
}

function whole(value: bigint): Quantity {
  return { nano: value * unit, amount: { value, scale: 0 } };
}

function negative({ nano, amount }: Quantity): Quantity {
  return { nano: -nano, amount: amount && { ...amount, value: -amount.value } };
}

function sum(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, amount: a.amount && b.amount && sumOfAmounts(a.amount, b.amount) };
}

function sumOfAmounts(a: Amount, b: Amount): Amount | undefined {
  if (b.value === 0n) return a;
  if (a.value === 0n) return b;
  const scale = Math.min(a.scale, b.scale);
  const [first, second] = [shifted(a, scale), shifted(b, scale)];
  if (first === undefined || second === undefined) return undefined;
  const value = first + second;
  return isInt(value) ? { value, scale } : undefined;
}

/** The value at a smaller scale; undefined where it is more than Go can count. */
function shifted({ value, scale }: Amount, to: number): bigint | undefined {
  if (value === 0n) return 0n;
  // So many zeros are too many to any value.
  const integer = value * 10n ** BigInt(Math.min(scale - to, 19));
  return isInt(integer) ? integer : undefined;
}

function integerOf({ amount }: Quantity): bigint | undefined {
  return amount === undefined || amount.scale < 0 ? undefined : shifted(amount, 0);
}

const zeros: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const powers: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** How apimachinery's ParseQuantity holds what is short enough; undefined for the rest, which it holds as a decimal. */
function amountOf(text: string): Amount | undefined {
  const [, sign = "", digits = "", fraction = "", suffix = "", exponent] =
    /^([+-]?)0*(\d*)(?:\.(\d*))?(?:([numkKMGTPE]i?)|[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const power = powers[suffix];
  const length = digits.length + fraction.length;
  if (power === undefined ? length > 18 : fraction !== "" || 14 - digits.length - Math.trunc((power * 3) / 10) < 0) return undefined;
  const scale = (power === undefined ? (exponent === undefined ? (zeros[suffix] ?? 0) : Number(exponent)) : 0) - fraction.length;
  const value = BigInt(`${digits}${fraction}` || "0") * 2n ** BigInt(power ?? 0);
  return scale < -9 || !isInt(value) ? undefined : { value: sign === "-" ? -value : value, scale };
}
