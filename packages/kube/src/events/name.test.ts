import * as fc from "fast-check";
import { expect, test } from "vitest";
import { eventName } from "./name.ts";

test.each([
  ["run-1", "run-1.18f3a"],
  ["run.1", "run.1.18f3a"],
  ["system:node", "system-node.18f3a"],
  ["Run_1-", "run-1.18f3a"],
  ["..", "18f3a"],
])("an event of the object %j is named %s", (object, name) => {
  expect(eventName(object, "18f3a")).toBe(name);
});

test("an event's name is a DNS subdomain, whatever the object's is", () => {
  const object = fc.string({ unit: fc.constantFrom("a", "9", "-", ".", ":", "A", "İ", "🚢"), maxLength: 300 });
  fc.assert(
    fc.property(object, (object) => {
      const name = eventName(object, "18f3a");
      expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
      expect(name.length).toBeLessThanOrEqual(253);
      expect(name.endsWith("18f3a")).toBe(true);
    }),
  );
});
