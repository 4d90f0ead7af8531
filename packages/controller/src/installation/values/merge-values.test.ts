import { expect, test } from "vitest";
import { completeValues, givenValues, helmOnly } from "./merge-values.ts";

const file = (text: string, name = "values.yaml") => ({ name, text });

test("maps of several files are merged, lists are replaced, and what is set goes before all", () => {
  const given = givenValues(
    { logLevel: "debug", image: { tag: "kept" } },
    {
      files: [
        file("image: {repository: a/b, tag: '1'}\nnamespaces: [a, b]\nnodeSelector: {a: '1', b: '2'}"),
        file("image: {tag: '2'}\nnamespaces: [c]", "other.yaml"),
      ],
      sets: ["image.pullPolicy=Always", "replicas=1"],
    },
  );
  expect(given).toEqual({
    logLevel: "debug",
    image: { repository: "a/b", tag: "2", pullPolicy: "Always" },
    namespaces: ["c"],
    nodeSelector: { a: "1", b: "2" },
    replicas: 1,
  });
  expect(completeValues(given).image).toMatchObject({ repository: "a/b", tag: "2", digest: "" });
});

test("a null takes back what was said before, and stays where it is a value", () => {
  const given = givenValues(
    { nodeSelector: { a: "1", b: "2" }, replicas: 3 },
    { files: [file("nodeSelector: {a: null}\nreplicas: null")], sets: [] },
  );
  expect(given).toEqual({ nodeSelector: { b: "2" }, replicas: null });
});

test("a mistake is told with its file, line and field", () => {
  expect(() => givenValues({}, { files: [file("replicas: 2\nimage:\n  tagg: x\n", "mine.yaml")], sets: [] })).toThrow(
    'mine.yaml:3: image.tagg: there is no such field; did you mean "tag"?',
  );
  expect(() => givenValues({}, { files: [file("replicas: [", "mine.yaml")], sets: [] })).toThrow(/^mine\.yaml:1: not YAML/);
  expect(() => givenValues({}, { files: [], sets: ["replicas=many"] })).toThrow('--set: replicas: is "many": must be a whole number');
});

test("updates that install themselves are left to Helm", () => {
  expect(helmOnly(completeValues({}))).toBeUndefined();
  expect(helmOnly(completeValues({ autoUpdate: { enabled: true } }))).toMatch(/^autoUpdate\.enabled: .* take Helm/);
});
