import { atoms } from "@plimsoll/permissions";
import { rulesOf } from "@plimsoll/permissions/roles";
import { expect, test } from "vitest";
import { compare, countsOf, isAbout, references, sectionCountsOf } from "./compare.ts";

test.each(references)("every grant of the $name roles has a verdict, and every verdict is on a grant", (reference) => {
  const found = compare(reference);
  const granted = reference.roles.map((role) => role.sections.map((section) => atoms(section.rules).length));
  expect(found).toHaveLength(granted.flat().reduce((sum, count) => sum + count));
  const open = found.filter(({ verdict }) => verdict !== "granted");
  const idle = reference.verdicts.filter((verdict) => !open.some(({ section, atom }) => isAbout(verdict, section, atom)));
  expect(idle).toEqual([]);
});

test("what a feature declares is granted, with the feature's reason", () => {
  const [aiPipeline] = references;
  const found =
    aiPipeline && compare(aiPipeline).find(({ atom }) => "resource" in atom && atom.resource === "pods" && atom.verb === "create");
  expect(found).toMatchObject({
    verdict: "granted",
    feature: "pipelines",
    why: "to run steps, and to try, as a dry run, what comes late",
  });
});

test("the documents' roles are whole: so many sections, rules and grants", () => {
  const sizes = references.flatMap(({ roles }) =>
    roles.map((role) => [role.sections.length, rulesOf(role, { optional: true }).length, atoms(rulesOf(role, { optional: true })).length]),
  );
  expect(sizes).toEqual([
    [3, 3, 54],
    [9, 24, 136],
    [2, 4, 12],
    [4, 11, 29],
    [1, 1, 4],
  ]);
});

test("a grant that stands in several sections is counted once", () => {
  for (const reference of references) {
    for (const [title, { grants, verdicts }] of countsOf(reference)) {
      const role = reference.roles.find(({ kind, name }) => title === `${kind} ${name}`);
      expect(grants).toBe(atoms(role ? rulesOf(role, { optional: true }) : []).length);
      expect(verdicts.granted + verdicts["not needed"]).toBe(grants);
    }
  }
});

test("a grant is laid to the feature that does what its section is for, and to others only where that hasn't it", () => {
  const found = references.filter(({ name }) => name === "ocean").flatMap(compare);
  const ofSection = (section: string) => found.filter((one) => one.section === section && one.verdict === "granted");
  for (const section of ["ocean/draining", "ocean/cleanup"]) {
    const [, feature] = section.split("/");
    expect(ofSection(section)).not.toEqual([]);
    for (const one of ofSection(section)) expect(one).toMatchObject({ feature });
  }
  expect(ofSection("ocean/readonly").map(({ feature }) => feature)).toEqual(expect.arrayContaining(["inventory", "pipelines"]));
});

test("each section is counted, beside the features that do the same, also one that the document has no rule for", () => {
  for (const reference of references) {
    const found = compare(reference);
    const counts = sectionCountsOf(reference);
    expect(counts.reduce((sum, { grants }) => sum + grants, 0)).toBe(found.length);
    for (const { section, grants, verdicts } of counts) {
      expect(grants).toBe(found.filter((one) => one.section === section).length);
      expect(verdicts.granted + verdicts["not needed"]).toBe(grants);
    }
    const named = new Set(counts.map(({ section }) => section));
    expect(Object.keys(reference.features).filter((section) => !named.has(section))).toEqual([]);
  }
  const ocean = references.filter(({ name }) => name === "ocean").flatMap(sectionCountsOf);
  expect(ocean.find(({ section }) => section === "ocean/csr-approval")).toMatchObject({
    grants: 0,
    features: [{ name: "csr", grants: expect.any(Number) as number }],
  });
  expect(ocean.find(({ section }) => section === "ocean/cleanup")).toMatchObject({ grants: 1, verdicts: { granted: 1, "not needed": 0 } });
});
