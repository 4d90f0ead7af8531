import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sealText } from "./expansion.ts";
import { Meter } from "./meter.ts";
import { parseTemplate } from "./template.ts";

/** Kubernetes' expansion, read from its source: one character after the other, where the source has slices. */
function expand(text: string, environment: ReadonlyMap<string, string>): string {
  let expanded = "";
  let rest = text;
  while (rest !== "") {
    const [first = "", second = ""] = rest;
    const close = rest.indexOf(")");
    let taken = first;
    let meaning = first;
    if (first === "$" && second === "$") [taken, meaning] = ["$$", "$"];
    else if (first === "$" && second === "(" && close >= 0) {
      taken = rest.slice(0, close + 1);
      meaning = environment.get(rest.slice(2, close)) ?? taken;
    } else if (first === "$") [taken, meaning] = [first + second, first + second];
    expanded += meaning;
    rest = rest.slice(taken.length);
  }
  return expanded;
}

// From Kubernetes' own tests of it (expand_test.go).
test.each([
  ["$(VAR_A)-$(VAR_A)", "A-A"],
  ["___$(VAR_B)___", "___B___"],
  ["$$(VAR_B)_$(VAR_A)", "$(VAR_B)_A"],
  ["f000-$$VAR_A", "f000-$VAR_A"],
  ["foo\\$(VAR_B)bar", "foo\\Bbar"],
  ["$(VAR_A$(VAR_B))", "$(VAR_A$(VAR_B))"],
  ["$(VAR_A$(VAR_B)", "$(VAR_A$(VAR_B)"],
  ["%%$(VAR_REF)--$(VAR_REF)%%", "%%$(VAR_A)--$(VAR_A)%%"],
  ["foo$(VAR_EMPTY)bar", "foobar"],
  ["foo$(VAR_Awhoops!", "foo$(VAR_Awhoops!"],
  ["$?_boo_$!", "$?_boo_$!"],
  ["$VAR_A", "$VAR_A"],
  ["${VAR_A}", "${VAR_A}"],
  ["$(VAR_DNE)", "$(VAR_DNE)"],
  ["$$$$$$(VAR_A)", "$$$(VAR_A)"],
  ["$$$$$$$(VAR_A)", "$$$A"],
  ["$(VAR_B)_______$(A", "B_______$(A"],
  ["$(VAR_A)foobarzab$", "Afoobarzab$"],
  ["--$($($($($--", "--$($($($($--"],
  ["$($($($($--foo$(", "$($($($($--foo$("],
  ["$(foo$$var)", "$(foo$$var)"],
  ["$£FOO", "$£FOO"],
])("the model of Kubernetes' expansion makes of %s %s, as Kubernetes does", (text, expanded) => {
  const environment = new Map([
    ["VAR_A", "A"],
    ["VAR_B", "B"],
    ["VAR_REF", "$(VAR_A)"],
    ["VAR_EMPTY", ""],
  ]);
  expect(expand(text, environment)).toBe(expanded);
});

/** Texts of what has a meaning here, and of anything. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom("$", "(", ")", "A", "B", "é", "\n", "{"), maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);
const authored = text.filter((part) => !part.includes("${{"));
const environmentOf = fc
  .dictionary(fc.string({ unit: fc.constantFrom("$", "(", "A", "B", "é"), maxLength: 2 }), text, { maxKeys: 6 })
  .map((entries) => new Map(Object.entries({ A: "secret", B: "$(A)", ...entries })));

/** A text of the author's with a value behind it, several times; and the author's last. */
const parts = fc.array(fc.tuple(authored, text), { maxLength: 5 });

test("the author's parts are expanded each by itself, and values arrive whole", () => {
  fc.assert(
    fc.property(parts, authored, environmentOf, (parts, last, environment) => {
      const template = [...parts.map(([own], index) => `${own}\${{ v${index} }}`), last].join("");
      const values = Object.fromEntries(parts.map(([, value], index) => [`v${index}`, value]));
      const rendered = parseTemplate(template, ["args", 0], { expanded: true }).render(values, new Meter());
      const arrived = [...parts.map(([own, value]) => expand(own, environment) + value), expand(last, environment)].join("");
      expect(expand(rendered, environment)).toBe(arrived);
    }),
    { numRuns: 2000 },
  );
});

test("a text without expressions is left to Kubernetes as it is", () => {
  fc.assert(
    fc.property(authored, (text) => {
      expect(parseTemplate(text, ["args", 0], { expanded: true }).render({}, new Meter())).toBe(text);
    }),
  );
});

test.each([
  ["an own reference stays one", "$(HOME)/${{ v }}", "$(HOME)/x"],
  ["an escaped reference stays one", "$$(HOME)/${{ v }}", "$$(HOME)/x"],
  ["a value's reference is none", "${{ '$(TOKEN)' }}", "$$(TOKEN)"],
  ["two dollars stay two", "${{ '$$' }}", "$$$$"],
  ["a dollar before a value that begins with a bracket", "$${{ '(TOKEN)' }}", "$$(TOKEN)"],
  ["a dollar before a value that begins with a dollar", "$${{ '$(TOKEN)' }}", "$$$$(TOKEN)"],
  ["a dollar that ends a value, before a bracket", "${{ '$' }}(TOKEN)", "$$(TOKEN)"],
  ["an unclosed reference before a value", "$(TO${{ 'KEN)' }}", "$$(TOKEN)"],
  ["an unclosed reference, closed by what follows the value", "$(TO${{ 'KEN' }})", "$$(TOKEN)"],
  ["a reference in an unclosed one", "$(A$(B$$(C$${{ v }})", "$$(A$$(B$$(C$$x)"],
  ["a dollar before nothing but an empty value", "$${{ '' }}(TOKEN)", "$$(TOKEN)"],
])("%s: %s is rendered as %s", (_what, text, rendered) => {
  expect(parseTemplate(text, ["args", 0], { expanded: true }).render({ v: "x" }, new Meter())).toBe(rendered);
});

test("texts that Kubernetes doesn't expand are rendered as they are", () => {
  expect(parseTemplate("echo $(date) $${{ '$(x) $$' }}", ["script"]).render({}, new Meter())).toBe("echo $(date) $$(x) $$");
});

test("a long text of unclosed references is gone through once", () => {
  const text = "$(".repeat(10_000_000);
  expect(sealText(text)).toHaveLength(30_000_000);
});
