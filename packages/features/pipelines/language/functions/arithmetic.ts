import { create } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { DurationSchema, type Duration } from "@bufbuild/protobuf/wkt";
import { CelScalar, celFunc, objectType, type CelFunc, type CelType, type CelValue } from "@bufbuild/cel";
import { numberOf } from "./equality.ts";

const { BOOL, DOUBLE, INT, UINT } = CelScalar;
const DURATION = objectType(DurationSchema);

/** Where the library gives a value and cel-go an error, or the other way round. */
export const arithmetic: readonly CelFunc[] = [
  celFunc("_%_", [INT, INT], INT, (a, b) => {
    if (b === 0n) throw new Error("the rest of a division by zero is asked for");
    if (b === -1n && a === -(2n ** 63n)) throw new Error(`${a} % ${b} is beyond what an int can hold`);
    return a % b;
  }),
  celFunc("-_", [DURATION], DURATION, (duration) => {
    const { seconds, nanos } = (duration as ReflectMessage).message as Duration;
    return create(DurationSchema, { seconds: -seconds, nanos: 0 - nanos });
  }),
  ...ordering("_<_", (a, b) => a < b),
  ...ordering("_<=_", (a, b) => a <= b),
  ...ordering("_>_", (a, b) => a > b),
  ...ordering("_>=_", (a, b) => a >= b),
];

type Order = (a: number, b: number) => boolean;

/** Of doubles, and of doubles and others, which are compared as doubles: what is no number has no place among them. */
function ordering(operator: string, order: Order): CelFunc[] {
  const compared = (a: CelValue, b: CelValue): boolean => {
    if (Number.isNaN(a) || Number.isNaN(b)) throw new Error("NaN, which is no number, can't be put in order");
    return order(Number(numberOf(a)), Number(numberOf(b)));
  };
  const pairs: [CelType, CelType][] = [
    [DOUBLE, DOUBLE],
    [DOUBLE, INT],
    [INT, DOUBLE],
    [DOUBLE, UINT],
    [UINT, DOUBLE],
  ];
  return pairs.map((types) => celFunc(operator, types, BOOL, compared));
}
