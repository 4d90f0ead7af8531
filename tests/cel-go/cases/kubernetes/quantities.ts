import { called, crossed } from "../crossed.ts";

const texts =
  "0 1 -1 +1 1.5 1000m 1500m 0.5 .5 5. 1k 1.5k 1K 1M 1G 1.5G 1E 1Ki 1.5Ki 1.5Gi -1Gi 7Ei 8Ei 100Ei 1e3 1E3 1e-3 1.5e1 1n 0.1n 1u 999999999999999999 9223372036854775807 9223372036854775808 00012 1,3 Mi 1gi m -".split(
    " ",
  );
const valid = texts.slice(0, 14).concat("1.5Gi", "-1Gi", "8Ei", "1e3", "1n", "9223372036854775807");
const written = (text: string): string => `quantity("${text}")`;

export const quantities: readonly string[] = [
  ...crossed(
    ["isQuantity"],
    [...texts, "", " 1", "Three"].map((text) => `"${text}"`),
  ),
  ...called(texts.map(written), ["isInteger()", "asInteger()", "sign()", "asApproximateFloat()", "compareTo(quantity('1'))"]),
  // As a double it is another by its last digit.
  ...called(["quantity('12345678901234567890')"], ["isInteger()", "sign()", "asInteger()"]),
  ...crossed(["sign"], valid.map(written)),
  ...valid.flatMap((a) =>
    ["0", "1500m", "1Ki", "-3", "2e3", "9223372036854775807"].flatMap((b) =>
      called(
        [written(a)],
        [
          `isLessThan(${written(b)})`,
          `isGreaterThan(${written(b)})`,
          `add(${written(b)}).asInteger()`,
          `sub(${written(b)}).isInteger()`,
          `add(${written(b)}).compareTo(${written("1")})`,
        ],
      ).concat(`${written(a)} == ${written(b)}`),
    ),
  ),
  ...called(["quantity('50k')"], ["add(20).asInteger()", "sub(20000) == quantity('30k')", "add('1')", "add(1.5)", "isLessThan(1)", "x"]),
  'quantity("50k").add(20).sub(quantity("100k")).sub(-50000) == quantity("20")',
  'quantity("1000m") in [quantity("1")]',
  '[quantity("1"), quantity("1000m")].distinct().size()',
  "quantity(1)",
  'quantity("1") < quantity("2")',
  'string(quantity("1"))',
  'has(quantity("1").x)',
];
