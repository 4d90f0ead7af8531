import { formatPath } from "@plimsoll/api";
import { expect, test } from "vitest";
import { checkedSpec } from "./check.ts";
import { someSpec } from "./testing/application.ts";

const rules = { serviceAccounts: ["spark", "other"] };

function problemsOf(spec: unknown): string[] {
  const checked = checkedSpec(spec, rules);
  return "problems" in checked ? checked.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`) : [];
}

test("what is carried out is taken", () => {
  expect(problemsOf(someSpec({}, { serviceAccount: "other" }))).toEqual([]);
});

test.each<[Record<string, unknown>, object, object, RegExp]>([
  [
    { batchScheduler: "volcano" },
    {},
    {},
    /^spec\.batchScheduler: isn't carried out by Plimsoll: name the scheduler in driver\.schedulerName/,
  ],
  [{ sparkUIOptions: {} }, {}, {}, /^spec\.sparkUIOptions: isn't carried out by Plimsoll: `plimsoll spark ui NAME`/],
  [{ proxyUser: "a" }, {}, {}, /^spec\.proxyUser: isn't carried out/],
  [{}, { podName: "x" }, {}, /^spec\.driver\.podName: isn't carried out/],
  [{}, {}, { hostNetwork: true }, /^spec\.executor\.hostNetwork: isn't carried out .*executor\.template\.spec/],
  [{ mode: "client" }, {}, {}, /^spec\.mode: is "client": must be cluster/],
  [{ pythonVersion: "2" }, {}, {}, /^spec\.pythonVersion: is "2": must be 3/],
  [{ restartpolicy: {} }, {}, {}, /^spec\.restartpolicy: there is no such field.*restartPolicy/],
  [{ mainApplicationFile: undefined }, {}, {}, /^spec\.mainApplicationFile: is missing: give the Python file/],
  [{ type: "Java", mainApplicationFile: undefined }, {}, {}, /^spec\.mainApplicationFile: is missing: give the JAR/],
  [{ image: undefined }, {}, {}, /^spec\.image: is missing/],
  [{ image: undefined }, { image: "d" }, {}, /^spec\.executor\.image: is missing/],
  [
    {},
    { serviceAccount: "admin" },
    {},
    /^spec\.driver\.serviceAccount: is "admin": must be spark or other, or be added to features\.spark\.serviceAccounts/,
  ],
  [{}, { template: { spec: { serviceAccountName: "admin" } } }, {}, /^spec\.driver\.template: names a ServiceAccount/],
  [
    {},
    { volumeMounts: [{ name: "v", mountPath: "/v" }] },
    {},
    /^spec\.driver\.volumeMounts\[0\]\.name: is "v": spec\.volumes has no volume/,
  ],
  [{}, { memory: "lots" }, {}, /^spec\.driver\.memory: .*must be an amount of memory/],
  [{ sparkConf: { "spark.driver.host": "x" } }, {}, {}, /^spec\.sparkConf.*spark\.driver\.host.*: has no effect here: leave it out/],
  [{ sparkConf: { "spark.kubernetes.driver.label.a": "x" } }, {}, {}, /has no effect here: give driver\.labels/],
  [{ sparkConf: { "spark.kubernetes.driver.podTemplateFile": "x" } }, {}, {}, /has no effect here: give driver\.template/],
  [{ sparkConf: { "spark.a": 1 } }, {}, {}, /^spec\.sparkConf.*: is a whole number: must be a string: put it in quotes/],
])("%j, driver %j, executor %j is refused by the field's name", (change, driver, executor, expected) => {
  expect(problemsOf(someSpec(change, driver, executor))).toEqual([expect.stringMatching(expected)]);
});
