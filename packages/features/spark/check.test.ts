import { formatPath } from "@plimsoll/api";
import { expect, test } from "vitest";
import { checkedSchedule } from "./check-schedule.ts";
import { checkedSpec } from "./check.ts";
import { problemsOf as problemsOfObject } from "./manifest.ts";
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
  [{ sparkConf: { "spark.driver.memory": "lots" } }, {}, {}, /^spec\.sparkConf.*: is "lots": must be an amount of memory/],
  [{ sparkConf: { "spark.kubernetes.memoryOverheadFactor": "a" } }, {}, {}, /^spec\.sparkConf.*: is "a": must be a number/],
  [{ sparkConf: { "spark.ui.port": "0" } }, {}, {}, /^spec\.sparkConf.*: is "0": must be a port from 1 to 65535/],
  [{ dynamicAllocation: { minExecutors: 5, maxExecutors: 2 } }, {}, {}, /^spec\.dynamicAllocation\.minExecutors: is 5: must be at most/],
  [{ dynamicAllocation: { maxExecutors: 0 } }, {}, {}, /^spec\.dynamicAllocation\.maxExecutors: is 0: must be at least 1/],
  [{}, { template: { sepc: {} } }, {}, /^spec\.driver\.template\.sepc: there is no such field; did you mean "spec"\?/],
  [
    {},
    {},
    { template: { metadata: { name: "x" } } },
    /^spec\.executor\.template\.metadata\.name: isn't carried out by Plimsoll: leave it out/,
  ],
  [{}, { template: { spec: { containers: {} } } }, {}, /^spec\.driver\.template\.spec\.containers: .*must be a list/],
  [{}, { template: { spec: { containers: [{ env: {} }] } } }, {}, /^spec\.driver\.template\.spec\.containers\[0\]\.env: .*must be a list/],
  [{ sparkConf: { "spark.driver.host": "x" } }, {}, {}, /^spec\.sparkConf.*spark\.driver\.host.*: has no effect here: leave it out/],
  [{ sparkConf: { "spark.kubernetes.driver.label.a": "x" } }, {}, {}, /has no effect here: give driver\.labels/],
  [{ sparkConf: { "spark.kubernetes.driver.podTemplateFile": "x" } }, {}, {}, /has no effect here: give driver\.template/],
  [{}, { envVars: { TOKEN: 12345 } }, {}, /^spec\.driver\.envVars.*: is a whole number: must be a string/],
  [{}, { javaOptions: 12345 }, {}, /^spec\.driver\.javaOptions: is a whole number: must be a string/],
  [{ arguments: "--token=12345" }, {}, {}, /^spec\.arguments: is a string: must be a list(?!.*12345)/],
  ...[
    "authenticate.driver.clientKeyFile",
    "authenticate.driver.oauthTokenFile",
    "driver.podTemplateContainerName",
    "driver.resourceNamePrefix",
    "driver.securityContext.allowPrivilegeEscalation",
    "driver.service.ipFamilies",
    "driver.service.ipFamilyPolicy",
    "driver.service.publishNotReadyAddresses",
    "executor.podTemplateFile",
    "report.interval",
    "securityContext.allowPrivilegeEscalation",
  ].map((name): [Record<string, unknown>, object, object, RegExp] => [
    { sparkConf: { [`spark.kubernetes.${name}`]: "x" } },
    {},
    {},
    /^spec\.sparkConf\["spark\.kubernetes\..*"\]: has no effect here: (give|leave it out)/,
  ]),
  [{ sparkConf: { "spark.driver.minMemoryOverhead": "much" } }, {}, {}, /^spec\.sparkConf.*: is "much": must be an amount of memory/],
  [{ sparkConf: { "spark.a": 1 } }, {}, {}, /^spec\.sparkConf.*: is a whole number: must be a string: put it in quotes/],
])("%j, driver %j, executor %j is refused by the field's name", (change, driver, executor, expected) => {
  expect(problemsOf(someSpec(change, driver, executor))).toEqual([expect.stringMatching(expected)]);
});

test("what is wrong with one field hides nothing of the others, nor does it make them wrong", () => {
  const spec = someSpec(
    {
      image: 1,
      mode: "client",
      volumes: "v",
      sparkConf: { "spark.driver.host": "x", "spark.a": 1 },
      dynamicAllocation: { maxExecutors: 0 },
    },
    { memory: "lots", serviceAccount: "admin", volumeMounts: [{ name: "v", mountPath: "/v" }] },
  );
  expect(problemsOf(spec).map((text) => text.replace(/: .*/, ""))).toEqual([
    "spec.mode",
    "spec.image",
    'spec.sparkConf["spark.a"]',
    "spec.volumes",
    "spec.driver.memory",
    "spec.dynamicAllocation.maxExecutors",
    "spec.driver.serviceAccount",
    'spec.sparkConf["spark.driver.host"]',
  ]);
});

test.each([[undefined], [null], [[]], ["x"]])("of a spec or template that is %j no more is told", (spec) => {
  expect(problemsOf(spec)).toEqual([expect.stringMatching(/^spec: is .*: (give|must be) a map/)]);
  const checked = checkedSchedule("a", { schedule: "0 5 * * *", template: spec }, rules, () => ({ problems: [] }));
  expect("problems" in checked && checked.problems.map(({ path }) => formatPath(path))).toEqual(["spec.template"]);
});

test("a schedule and its template are told of at once", () => {
  const spec = { schedule: "61 * * * *", concurrencyPolicy: "forbid", template: someSpec({ mode: "client" }, { serviceAccount: "admin" }) };
  const timingOf = () => ({ problems: [{ path: ["spec", "schedule"], message: "no" }] });
  const checked = checkedSchedule("a".repeat(60), spec, rules, timingOf);
  expect("problems" in checked && checked.problems.map(({ path }) => formatPath(path))).toEqual([
    "metadata.name",
    "spec.concurrencyPolicy",
    "spec.schedule",
    "spec.template.mode",
    "spec.template.driver.serviceAccount",
  ]);
});

test("what the API server would refuse of an application's pods is told where it stands in the file", () => {
  const wrong = (path: (string | number)[]) => ({ path: ["spec", ...path], message: "no" });
  const judge = (pod: unknown) =>
    Object.hasOwn(pod as object, "affinity")
      ? [wrong(["containers", 0, "env", 1]), wrong(["containers", 1, "image"]), wrong(["tolerations", 0]), wrong(["securityContext"])]
      : [wrong(["containers", 0, "imagge"])];
  const object = {
    apiVersion: "sparkoperator.k8s.io/v1beta2",
    kind: "SparkApplication",
    metadata: { name: "a".repeat(64), lables: {} },
    spec: someSpec({}, { template: { spec: {} } }),
  };
  const timingOf = () => ({ problems: [] });
  expect(problemsOfObject(object, { timingOf, judge })?.map(({ path }) => formatPath(path))).toEqual([
    "metadata.lables",
    "metadata.name",
    ...["env[1]", "sidecars[0].image", "tolerations[0]", "podSecurityContext", "template.spec.containers[0].imagge"].map(
      (at) => `spec.driver.${at}`,
    ),
    ...["env[1]", "sidecars[0].image", "tolerations[0]", "podSecurityContext"].map((at) => `spec.executor.${at}`),
  ]);
});
