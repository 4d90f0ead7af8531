import { expect, test } from "vitest";
import { imageFault, templateFault } from "./image.ts";

test.each([
  "busybox",
  "busybox:1.37",
  "library/busybox",
  "localhost:5000/a",
  "registry.example.com/team/image:tag",
  "REGISTRY.example.com/team/image",
  "a/b__c.d-e",
  `busybox@sha256:${"a".repeat(64)}`,
  `busybox:1@sha256:${"a".repeat(64)}`,
  "[::1]:5000/a",
])("%s is an image's name", (text) => {
  expect(imageFault(text)).toBeUndefined();
});

test.each([
  ["busy box", "blank"],
  ["busybox ", "blank"],
  ["Busybox", "capitals"],
  ["registry.example.com/Team/image", "capitals"],
  ["busybox:", "no image's name"],
  ["a:b:c", "no image's name"],
  ["https://example.com/a", "begins with https://, as no image's name does: take that out"],
  ["docker://busybox", "docker://"],
  ["${IMAGE}", "write a parameter into it by an expression, as in ${{ params.image }}"],
  ["$IMAGE", "nothing fills in"],
  ["registry/$TAG:1", "nothing fills in"],
  ["busybox:${TAG:-1}", "nothing fills in"],
  ["$(params.image)", "nothing fills in"],
  ["{{ image }}", "nothing fills in"],
  [`busybox@sha256:${"a".repeat(40)}`, "64 digits"],
  [`busybox@sha256:${"A".repeat(64)}`, "capitals in its sha256"],
  [`busybox@md5:${"a".repeat(32)}`, "sha256, sha384 or sha512"],
  ["a".repeat(64), "hexadecimal"],
  [`${"a".repeat(200)}/${"b".repeat(100)}`, "255"],
])("%s is none", (text, why) => {
  expect(imageFault(text)).toContain(why);
});

test.each([
  "${{ params.image }}",
  "busybox:${{ params.tag }}",
  "${{ params.registry }}/app:${{ params.tag }}",
  "${{ params.registry }}/app@${{ params.digest }}",
  "busybox@sha256:${{ params.digest }}",
  "REGISTRY${{ params.domain }}/app",
  "app${{ params.suffix }}",
])("%s may be an image's name", (text) => {
  expect(templateFault(text)).toBeUndefined();
});

test.each([
  ["busy box:${{ params.tag }}", "blank"],
  ["example.com/Team/app:${{ params.tag }}", "capitals"],
  ["a:b:${{ params.tag }}", "no image's name"],
])("%s is none whatever the expression gives", (text, why) => {
  expect(templateFault(text)).toContain(why);
});
