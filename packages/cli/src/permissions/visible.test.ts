import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatSubject } from "./subjects/access.ts";
import { titleOf } from "./objects/role.ts";
import { formatRequest, formatRule, linesOf } from "./text.ts";
import { visible } from "../output/visible.ts";

test("what a terminal would obey is written out, and other text stays as it is", () => {
  expect(visible("a\u001b[31mb\nc\u202ed")).toBe(String.raw`a\u{1b}[31mb\u{a}c\u{202e}d`);
  expect(visible('ünïcode "name" 名前')).toBe('ünïcode "name" 名前');
});

test("names out of files and clusters hold nothing that a terminal obeys, nor more lines than they should", () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom("\n", "\u001b", "\r", "\u202e", "\u0085"), fc.string({ minLength: 1, maxLength: 1 })),
  });
  fc.assert(
    fc.property(text, (name) => {
      const rule = { verbs: [name], apiGroups: [name], resources: [name], resourceNames: [name] };
      const shown = [
        titleOf({ kind: "Role", name, namespace: name }),
        formatSubject({ kind: "User", name }),
        formatSubject({ kind: "ServiceAccount", name, namespace: name }),
        formatRule(rule),
        formatRequest({ verb: name, group: name, resource: name, name, namespace: name }),
        ...linesOf([{ verb: name, path: name }]),
      ];
      for (const one of shown) expect(one).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});
