import { expect, test } from "vitest";
import { schema } from "./features.ts";
import { keysOf } from "./keys.ts";
import { configFiles, configJsonSchema } from "./reference.ts";

test("every key says what it is, and the page has a row for each, with its default and whether it is live", () => {
  const page = configFiles().get("docs/reference/config.md") ?? "";
  for (const { path, value } of keysOf(schema)) {
    expect(value.description).toMatch(/^[A-Z].*\.$/);
    expect(page).toContain(`\n| \`${path.join(".")}\` | `);
  }
  expect(page).toContain("\n| `features.pipelines.podQPS` | number, 1–100000 | `100` | yes | How many pods");
  expect(page).toContain("\n| `namespaces` | list of strings |  |  | The namespaces");
});

test("the published schema takes no unknown key anywhere, and has no keyword of our own", () => {
  const text = JSON.stringify(configJsonSchema());
  expect([...text.matchAll(/"type":"object"/g)].length).toBe([...text.matchAll(/"additionalProperties":false/g)].length);
  expect(text).not.toContain('"live"');
  expect(text).toContain("Taken without a restart.");
});
