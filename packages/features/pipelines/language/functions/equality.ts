import { celEnv, type CelValue } from "@bufbuild/cel";

const equals = celEnv().funcs.find("_==_");

/** Whether CEL takes two values for equal: numbers of all kinds are compared by their value. */
export function isEqual(a: CelValue, b: CelValue): boolean {
  return equals?.call(0, undefined, [a, b]) === true;
}
