import { expect, test } from "vitest";
import { generalised } from "./generalised.ts";
import type { Request } from "../request.ts";

const secret = (name: string, namespace: string): Request => ({ verb: "get", group: "", resource: "secrets", name, namespace });
const inShop = ["a", "b", "c"].map((name) => secret(name, "shop"));
const elsewhere = ["bank", "park"].map((namespace) => secret("a", namespace));

test("more names than the limit become all, in the namespace that has them", () => {
  expect(generalised([...inShop, ...elsewhere], { names: 2 })).toEqual([
    ...inShop.map(() => ({ verb: "get", group: "", resource: "secrets", namespace: "shop" })),
    ...elsewhere,
  ]);
  expect(generalised(inShop, { names: 3 })).toEqual(inShop);
});

test("more namespaces than the limit become all, for what is the same in each", () => {
  const given = [secret("a", "shop"), ...elsewhere, secret("b", "shop")];
  expect(generalised(given, { namespaces: 2 })).toEqual([
    ...Array.from({ length: 3 }, () => ({ verb: "get", group: "", resource: "secrets", name: "a" })),
    secret("b", "shop"),
  ]);
});

test("paths, Namespaces, and whom somebody may impersonate stay as they were", () => {
  const given: Request[] = [
    ...["/a", "/b"].map((path) => ({ verb: "get", path })),
    ...["a", "b"].map((name) => ({ verb: "get", group: "", resource: "namespaces", name, namespace: name })),
    ...["a", "b"].map((name) => ({ verb: "impersonate", group: "", resource: "users", name })),
  ];
  expect(generalised(given, { names: 0, namespaces: 0 })).toEqual(given);
});
