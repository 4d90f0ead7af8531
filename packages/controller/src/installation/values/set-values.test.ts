import { expect, test } from "vitest";
import { setValues } from "./set-values.ts";

// What Helm 4.3.1 makes of the same texts.
test.each<[string, unknown]>([
  ["a=1", { a: 1 }],
  ["a=-3", { a: -3 }],
  ["a=007", { a: "007" }],
  ["a=1.5", { a: "1.5" }],
  ["a=1e3", { a: "1e3" }],
  ["a=True", { a: true }],
  ["a=null", { a: null }],
  ["a=", { a: "" }],
  ["a={x,y,3}", { a: ["x", "y", 3] }],
  ["a={true,null}", { a: [true, null] }],
  ["a={a\\,b,c}", { a: ["a,b", "c"] }],
  ["a=[]", { a: [] }],
  ["a.b=c,d.e=f", { a: { b: "c" }, d: { e: "f" } }],
  ["a\\.b=c", { "a.b": "c" }],
  ["a.b\\.c/d=e", { a: { "b.c/d": "e" } }],
  ["a=x\\,y", { a: "x,y" }],
  ["a=b=c", { a: "b=c" }],
  ["a[0]=1,a[1]=2", { a: [1, 2] }],
  ["a[0].b=1,a[0].c=x", { a: [{ b: 1, c: "x" }] }],
  ["a.b[0]=x", { a: { b: ["x"] } }],
])("%s is read as Helm reads it", (text, values) => {
  expect(setValues({}, text)).toEqual(values);
});

test("what is set is put into what is there, which stays as it was", () => {
  const before = { a: { b: 1, c: 2 } };
  expect(setValues(before, "a.b=3")).toEqual({ a: { b: 3, c: 2 } });
  expect(before).toEqual({ a: { b: 1, c: 2 } });
});

test.each([
  ["a", '--set a: "a" sets nothing: write it as in image.tag=1.2'],
  ["a=1,", '--set a=1,: "" sets nothing: write it as in image.tag=1.2'],
  ["a..b=1", '--set a..b=1: "" is no key: write it as in image.tag=1.2 or tolerations[0].key=gpu'],
  ["a=1,a.b=2", "--set a=1,a.b=2: a is set to something else already"],
  ["a[2]=1", "--set a[2]=1: entry 2 comes before entry 0 is given"],
  ["__proto__.x=1", '--set __proto__.x=1: "__proto__" is no key'],
])("%s is refused with the way out", (text, message) => {
  expect(() => setValues({}, text)).toThrow(message);
});
