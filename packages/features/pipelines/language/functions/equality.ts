import { CelScalar, celEnv, celFunc, isCelUint, type CelFunc, type CelValue } from "@bufbuild/cel";

const { BOOL, DYN } = CelScalar;
const equals = celEnv().funcs.find("_==_");

/** Whether CEL takes two values for equal: numbers of all kinds are compared by their value, an int beside a double as cel-go does it, as a double. */
export function isEqual(a: CelValue, b: CelValue): boolean {
  const [one, other] = [numberOf(a), numberOf(b)];
  if (one !== undefined && other !== undefined && typeof one !== typeof other) return Number(one) === Number(other);
  return equals?.call(0, undefined, [a, b]) === true;
}

export const equality: readonly CelFunc[] = [
  celFunc("_==_", [DYN, DYN], BOOL, isEqual),
  celFunc("_!=_", [DYN, DYN], BOOL, (a, b) => !isEqual(a, b)),
];

/** A value as a number of JavaScript's; undefined for what is none. */
export function numberOf(value: CelValue): number | bigint | undefined {
  const number = isCelUint(value) ? value.value : value;
  return typeof number === "number" || typeof number === "bigint" ? number : undefined;
}
