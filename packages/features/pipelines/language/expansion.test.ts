import * as fc from "fast-check";
import { expect, test } from "vitest";
import { contained, literal } from "./expansion.ts";

/** Kubernetes' expansion, written from its description and its Go source's cases. */
function expand(text: string, env: Readonly<Record<string, string>>): string {
  let made = "";
  for (let at = 0; at < text.length; at += 1) {
    const [here, next] = [text[at] ?? "", text[at + 1]];
    if (here !== "$" || next === undefined) made += here;
    else if (next === "$") {
      made += "$";
      at += 1;
    } else if (next === "(") {
      const close = text.indexOf(")", at);
      if (close < 0) {
        made += "$(";
        at += 1;
      } else {
        const name = text.slice(at + 2, close);
        made += env[name] ?? `$(${name})`;
        at = close;
      }
    } else {
      made += here + next;
      at += 1;
    }
  }
  return made;
}

const env = { A: "secret", B: "$(A)" };
const piece = fc.string({ unit: fc.constantFrom("$", "(", ")", "A", "B", "x"), maxLength: 6 });

test("what is inserted arrives whole, and an author's text around it means what it means alone", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ own: piece, value: piece }), { maxLength: 4 }), piece, (parts, last) => {
      const rendered = parts.map(({ own, value }) => contained(own) + literal(value)).join("") + contained(last);
      const expected = parts.map(({ own, value }) => expand(own, env) + value).join("") + expand(last, env);
      expect(expand(rendered, env)).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["cost: $", "(A)", "", "cost: $(A)"],
  ["$(A) ", "$(A)", "", "secret $(A)"],
  ["$$(A) ", "$$", "", "$(A) $$"],
  ["$(", "A", ")", "$(A)"],
  ["", "$", "(A)", "$(A)"],
])("%j, the value %j and %j become %j in the container", (before, value, after, expected) => {
  expect(expand(contained(before) + literal(value) + contained(after), env)).toBe(expected);
});
