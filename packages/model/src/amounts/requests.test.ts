import * as fc from "fast-check";
import { expect, test } from "vitest";
import { milliOf, parseQuantity, valueOf } from "./quantity.ts";
import { largest, requestsOf, sum, type Amounts } from "./requests.ts";
import { Tally } from "./tally.ts";

const names = fc.constantFrom("cpu", "memory", "nvidia.com/gpu");
const list = fc.dictionary(names, fc.integer({ min: 1, max: 2 ** 40 }));
const asked = fc.dictionary(
  names,
  fc.integer({ min: 1, max: 10_000 }).map((milli) => `${milli}m`),
);
const container = asked.map((requests) => ({ name: "c", resources: { requests } }));
const covers = (a: Amounts, b: Amounts): boolean => Object.keys(b).every((name) => (a[name] ?? 0) >= (b[name] ?? 0));

test("amounts add up in any order, and the largest of them is in the sum", () => {
  fc.assert(
    fc.property(list, list, list, (a, b, c) => {
      expect(sum(a, b, c)).toEqual(sum(c, sum(b, a)));
      expect(largest(a, b, c)).toEqual(largest(c, largest(b, a)));
      expect(largest(a, a)).toEqual(a);
      expect(covers(sum(a, b), largest(a, b))).toBe(true);
    }),
  );
});

test("a quantity is the same with another suffix, and rounded up", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 52n }), (value) => {
      expect(parseQuantity(`${value}n`)).toBe(value);
      expect(parseQuantity(`${value}u`)).toBe(value * 1_000n);
      expect(parseQuantity(`${value}Ki`)).toBe(parseQuantity(`${value * 1_024n}`));
      expect(parseQuantity(`${value}e-3`)).toBe(parseQuantity(`${value}m`));
      expect(BigInt(valueOf(`${value % 2n ** 50n}m`)) * 1_000n).toBeGreaterThanOrEqual(value % 2n ** 50n);
    }),
  );
});

test.each(["", " 1", "1 Gi", "1gi", "1K", "NaN", "0x1", "1e"])("%j is no quantity, and that is said", (text) => {
  expect(parseQuantity(text)).toBeUndefined();
  expect(() => milliOf(text)).toThrow(`"${text}" is no quantity: write a number and a suffix, as in 500m or 1Gi`);
});

test("a pod takes no less for another container, sidecar or start, and as much in whatever order its containers stand", () => {
  fc.assert(
    fc.property(fc.array(container, { minLength: 1 }), fc.array(container), container, (containers, initContainers, one) => {
      const before = requestsOf({ spec: { containers, initContainers } });
      const sidecar = { ...one, restartPolicy: "Always" };
      for (const spec of [
        { containers: [...containers, one], initContainers },
        { containers, initContainers: [...initContainers, one] },
        { containers, initContainers: [sidecar, ...initContainers] },
      ])
        expect(covers(requestsOf({ spec }), before)).toBe(true);
      expect(requestsOf({ spec: { containers: containers.toReversed(), initContainers } })).toEqual(before);
    }),
  );
});

test("what a pod's containers ask for is added up before it is rounded", () => {
  const one = { name: "c", resources: { requests: { cpu: "0.4m", memory: "500m" } } };
  expect(requestsOf({ spec: { containers: [one, one] } })).toEqual({ cpu: 1, memory: 1 });
});

test("pods that are taken away leave the sums as if they had never been there", () => {
  const pod = fc.record({ node: fc.constantFrom("a", undefined), requests: list });
  fc.assert(
    fc.property(fc.array(pod), fc.array(pod), (stay, go) => {
      const [tally, expected] = [new Tally(), new Tally()];
      for (const one of [...stay, ...go]) tally.add(one);
      for (const one of go.toReversed()) tally.add(one, -1);
      for (const one of stay) expected.add(one);
      expect({ ...tally, requested: tally.requested }).toEqual({ ...expected, requested: expected.requested });
    }),
  );
});
