import { expect, test } from "vitest";
import { readBaseline } from "./baseline.ts";
import { readOwnRisks } from "../risks/own-risks.ts";
import { fileOf } from "../run.fixture.ts";

const risk = "- {id: mine, severity: low, title: mine, when: 'true'}\n";
const acceptance = "- {id: mine, reason: known}\n";

test("a second document is refused, not left out", async () => {
  await expect(readOwnRisks(fileOf("own.yaml", `${risk}---\n${risk}`))).rejects.toThrow(
    /own\.yaml: has several documents: a file of own risks is one/,
  );
  await expect(readBaseline(fileOf("known.yaml", `${acceptance}---\n${acceptance}`))).rejects.toThrow(
    /known\.yaml: has several documents: a baseline is one list/,
  );
  expect(await readOwnRisks(fileOf("own.yaml", risk))).toMatchObject([{ id: "mine" }]);
});

test("a risk of one's own may name CEL's types, and no variable that isn't there", async () => {
  const of = async (when: string) => readOwnRisks(fileOf("own.yaml", risk.replace("'true'", when)));
  const rule = { verbs: ["get"] };
  const role = { kind: "Role", name: "a", namespace: "b", rules: [rule] };
  const [read] = await of("type(rule.verbs) == list && type(role.name) == string");
  expect(read?.bears(rule, role as never)).toBe(true);
  await expect(of("type(roles) == list")).rejects.toThrow('there is no "roles"');
});

test("an empty baseline accepts nothing; an empty file of own risks is a mistake", async () => {
  expect(await readBaseline(fileOf("known.yaml", ""))).toEqual([]);
  await expect(readOwnRisks(fileOf("own.yaml", ""))).rejects.toThrow("is empty: give a list of risks");
});
