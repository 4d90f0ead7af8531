import { expect, test } from "vitest";
import { UsageError } from "../failure.ts";
import { selectorOf } from "./selector.ts";

const labels = { app: "web", "example.com/tier": "front", empty: "" };

test.each([
  ["app=web", true],
  ["app==web", true],
  ["app = web", true],
  ["app!=web", false],
  ["other!=web", true],
  ["app in (api, web)", true],
  ["app notin (api,web)", false],
  ["other notin (api)", true],
  ["app", true],
  ["!app", false],
  ["! other", true],
  ["empty=", true],
  ["app=", false],
  ["app in (api,web),example.com/tier=front,!other", true],
  ["app=web,example.com/tier=back", false],
  ["toString", false],
])("-l '%s' chooses it: %j", (text, chosen) => {
  expect(selectorOf(text)(labels)).toBe(chosen);
});

test.each(["", "app=web,", "app in web", "app in ()x", "=web", "app=we b", "app>1", "-app"])("-l '%s' is told to be none", (text) => {
  expect(() => selectorOf(text)).toThrow(UsageError);
  expect(() => selectorOf(text)).toThrow(/^-l .*is no selector: write team=a/);
});
