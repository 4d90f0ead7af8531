import { kubeconfig } from "@plimsoll/kube/testing";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, expect, test, vi } from "vitest";
import { place, simulated, type Place } from "./support/cluster.ts";
import { commandsIn, file, pipeline, plimsoll, type Commands } from "./support/cli.ts";

let own: Place;
let inNamespace: Commands;
beforeAll(async () => {
  own = await place();
  inNamespace = commandsIn(own.namespace);
});

test("a run that succeeds is watched to its end, listed, shown, and its lines are printed with their step and item", async () => {
  const run = await inNamespace("run", pipeline, "-p", "whom=you", "--name", "good", "--watch");
  expect(run).toMatchObject({
    code: 0,
    stdout: "pipelinerun.plimsoll.dev/good created\n",
    stderr: expect.stringMatching(/step say: ✔ Succeeded 2\/2 .*\n(.*\n)*run good: ✔ Succeeded/) as string,
  });
  expect(run.stderr).not.toContain("\u001b[");

  const list = await inNamespace("list");
  expect(list.stdout).toMatch(/^NAME +PHASE +STEPS +DURATION +AGE\n(.*\n)*good +✔ Succeeded +2\/2 /);
  const get = await inNamespace("get", "good");
  expect(get.stdout).toMatch(/^good {2}✔ Succeeded {2}.*\n✔ say +Succeeded +2\/2 .*\n└─✔ end +Succeeded/);
  const logs = await inNamespace("logs", "good");
  expect(logs.stdout.split("\n").sort()).toEqual(["", "say[0] │ hello you 1", "say[1] │ hello you 2"]);
  expect((await inNamespace("logs", "good", "say", "--no-prefix", "--tail", "1")).stdout.split("\n").sort()).toEqual([
    "",
    "hello you 1",
    "hello you 2",
  ]);
});

test("a run that fails makes the command fail, with the step's reason", async () => {
  const run = await inNamespace("run", pipeline, "-p", "code=3", "--name", "bad", "--watch", "-o", "name");
  expect(run).toMatchObject({ code: 1, stdout: "pipelinerun.plimsoll.dev/bad\n" });
  expect(run.stderr).toMatch(/step end: ✖ Failed .*exit code 3\n/);
  expect(run.stderr).toMatch(/error: run bad failed: .*end/);
  expect(await inNamespace("get", "bad", "--watch")).toMatchObject({ code: 1 });
});

test("logs -f follows a run from before its pods start until it ends", async () => {
  await inNamespace("run", pipeline, "--name", "followed");
  const logs = await inNamespace("logs", "followed", "-f");
  expect(logs.code).toBe(0);
  expect(logs.stdout.split("\n").sort()).toEqual(["", "say[0] │ hello world 1", "say[1] │ hello world 2"]);
});

test("a log that can't be read is told, the others are printed, and the command fails", async () => {
  await own.start(
    {
      steps: [
        { name: "real", image: "busybox", script: "echo here" },
        { name: "nowhere", pod: simulated, image: "busybox", command: ["true"] },
      ],
    },
    { name: "half" },
  );
  const { code, stdout, stderr } = await inNamespace("logs", "half", "-f");
  expect(stdout).toBe("real │ here\n");
  expect(stderr).toMatch(/^the log of pod half--nowhere--1 can't be read: .*\nerror: the log of a pod could not be read to the end\n$/);
  expect(code).toBe(1);
});

test("json and yaml are whole objects, and lists are Lists", async () => {
  await inNamespace("run", pipeline, "--name", "shown");
  expect(JSON.parse((await inNamespace("get", "shown", "-o", "json")).stdout)).toMatchObject({
    kind: "PipelineRun",
    metadata: { name: "shown" },
  });
  const { stdout: shown } = await inNamespace("get", "shown", "-o", "yaml");
  expect(shown).not.toContain("managedFields");
  expect(shown).toMatch(/^apiVersion: plimsoll\.dev\/v1alpha1\nkind: PipelineRun\n/);
  expect((await inNamespace("run", file("again.yaml", shown), "--name", "again")).stdout).toBe("pipelinerun.plimsoll.dev/again created\n");
  const { stdout: listed } = await inNamespace("list", "-o", "json");
  expect(JSON.parse(listed)).toMatchObject({ kind: "List" });
  expect(await plimsoll(["lint", file("list.json", listed)])).toMatchObject({ code: 0 });
  expect((await inNamespace("list", "-o", "name")).stdout).toContain("pipelinerun.plimsoll.dev/shown\n");
  expect(await inNamespace("list", "-l", "no=such", "-o", "name")).toMatchObject({ code: 0, stdout: "" });
  expect((await plimsoll(["list", "-A", "-o", "wide"])).stdout).toMatch(/^NAMESPACE +NAME .*MESSAGE\n/);
});

test("a run can be cancelled and deleted, and of what isn't there that is said", async () => {
  await inNamespace(
    "run",
    file(
      "slow.yaml",
      "apiVersion: plimsoll.dev/v1alpha1\nkind: PipelineRun\nmetadata: {name: slow}\nspec: {pipeline: {steps: [{name: a, image: busybox, command: [sleep, '600']}]}}\n",
    ),
  );
  expect(await inNamespace("cancel", "nowhere", "pipelinerun.plimsoll.dev/slow")).toMatchObject({
    code: 1,
    stdout: 'run "slow" is being cancelled\n',
    stderr: expect.stringContaining('no run "nowhere" in namespace') as string,
  });
  expect((await own.ended("slow")).status?.phase).toBe("Cancelled");
  expect(await inNamespace("get", "slow", "--watch")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/error: run slow was cancelled\n$/) as string,
  });
  expect(await inNamespace("delete", "slow")).toMatchObject({ code: 0, stdout: 'pipelinerun.plimsoll.dev "slow" deleted\n' });
  expect(await inNamespace("delete", "slow")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no run "slow" in namespace') as string,
  });
  expect(await inNamespace("delete", "slow", "--ignore-not-found")).toMatchObject({ code: 0 });
  expect(await inNamespace("get", "slow")).toMatchObject({ code: 1, stderr: expect.stringContaining('no run "slow"') as string });
});

test.each<[what: string, args: string[], message: RegExp]>([
  ["an unknown command", ["runn"], /unknown command 'runn'\n.*Did you mean run\?/],
  ["an unknown option", ["list", "--wide"], /unknown option '--wide'/],
  ["an unknown format", ["list", "-o", "xml"], /Allowed choices are/],
  ["a table of one run", ["get", "x", "-o", "wide"], /Allowed choices are json, yaml, name\./],
  ["a name with a slash", ["get", "a/b"], /^error: "a\/b" cannot be the name of a PipelineRun\n/],
  ["no name", ["delete", ""], /^error: "" cannot be the name of a PipelineRun\n/],
  ["a kubeconfig that isn't there", ["list", "--kubeconfig", "nowhere"], /^error: cannot read the kubeconfig nowhere: ENOENT/],
  ["a file that isn't there", ["run", "./nowhere.yaml"], /^error: \.\/nowhere\.yaml: cannot be read/],
  ["a parameter without a value", ["run", pipeline, "-p", "whom"], /--param whom: give key=value/],
  ["a parameter that isn't YAML", ["run", pipeline, "-p", "code=[1,"], /--param code: \[1, is not YAML or JSON: .+\n$/],
  ["an unknown parameter", ["run", pipeline, "-p", "who=x"], /--param who: the pipeline has no such parameter; it has whom, code/],
  [
    "a value of the wrong type",
    [
      "run",
      file(
        "typed.yaml",
        "apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: A_B}\nspec: {steps: [{name: a, image: x, script: 3}]}\n",
      ),
    ],
    /typed\.yaml:4: spec\.steps\[0\]\.script: is 3: must be one text: put a \| behind script:, and its lines below that\n/,
  ],
  [
    "a parameter of the wrong type",
    ["run", pipeline, "-p", "code=much"],
    /pipeline\.yaml:5: spec\.params\.code: is a string, but must be a whole number\n$/,
  ],
  [
    "a pipeline that can't run",
    [
      "run",
      file(
        "circle.yaml",
        "apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: a}\nspec:\n  params: [{name: p}]\n  steps:\n  - {name: a, image: x, command: [x], needs: [b]}\n",
      ),
    ],
    /circle\.yaml:5: spec\.params\.p: is missing: .*\n.*circle\.yaml:7: spec\.steps\[0\]\.needs\[0\]: there is no step "b"/,
  ],
  [
    "a step of Spark that can't run",
    [
      "run",
      file(
        "spark.yaml",
        "apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: a}\nspec:\n  steps:\n  - {name: a, spark: {type: Pyton}}\n",
      ),
    ],
    /spark\.yaml:6: spec\.steps\[0\]\.spark\.type: is "Pyton": must be Java, Scala, Python or R\n/,
  ],
])("%s is one clear error with exit code 2, and no stack trace", async (_what, args, message) => {
  const { code, stderr } = await inNamespace(...args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(code).toBe(2);
});

/** A kubeconfig for an API server that asks nobody who they are. */
function kubeconfigOf(server: string): string {
  return file("other.kubeconfig", kubeconfig(server));
}

test("a cluster without Plimsoll's kinds is told from one without the run", async () => {
  const server = createServer((_request, response) => response.writeHead(404).end("404 page not found\n")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const other = kubeconfigOf(`http://127.0.0.1:${port}`);
  for (const command of [["list"], ["get", "x"], ["delete", "--ignore-not-found", "x"], ["run", "x"], ["run", pipeline]])
    expect(await plimsoll(command, { kubeconfig: other })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: this cluster doesn't know Plimsoll's kinds; docs\/install\.md defines them: .+404/) as string,
    });
  server.close();
});

test("a Pipeline that isn't there, and an API server that doesn't answer, are failures with a way out", async () => {
  expect(await inNamespace("run", "nowhere")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no Pipeline "nowhere".*give its path, as in \.\/nowhere\.yaml/) as string,
  });
  const { code, stderr } = await plimsoll(["list", "--kubeconfig", kubeconfigOf("http://127.0.0.1:1")]);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: .*127\.0\.0\.1:1/) as string });
  expect(stderr).not.toMatch(/\n {4}at /);
});

test("lint finds without a cluster what the controller would refuse, with the line", async () => {
  const bad = file(
    "bad.yaml",
    "apiVersion: plimsoll.dev/v1alpha1\nkind: PipelineRun\nmetadata: {generateName: x-}\nspec:\n  pipeline:\n    steps:\n      - {name: a, image: x, command: [x], needs: [b]}\n      - {name: b, image: x, command: [x], needs: [a]}\n",
  );
  expect(await plimsoll(["lint", bad])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /bad\.yaml:7: spec\.pipeline\.steps\[0\]\.needs: the steps need each other in a circle: a → b → a/,
    ) as string,
  });
  expect(await plimsoll(["lint", pipeline])).toMatchObject({ code: 0, stdout: expect.stringContaining("no problems") as string });
  const { code, stdout } = await plimsoll(["lint", "nowhere.yaml", bad, "-o", "json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual([
    { file: "nowhere.yaml", field: "", message: expect.stringMatching(/^cannot be read: ENOENT/) as string, rule: "yaml" },
    {
      file: "bad.yaml",
      line: 7,
      field: "spec.pipeline.steps[0].needs",
      message: expect.stringContaining("circle") as string,
      rule: "need",
    },
  ]);
});

test("lint finds what isn't carried out of Spark's kinds, beside objects of others", async () => {
  const spec = (more: string) => `  type: Python
  sparkVersion: 4.3.0
  image: spark
  mainApplicationFile: local:///main.py
${more}  driver: {serviceAccount: etl}
  executor: {}
`;
  const head = (kind: string, version = "v1beta2") =>
    `apiVersion: sparkoperator.k8s.io/${version}\nkind: ${kind}\nmetadata: {name: pi}\nspec:\n`;
  const others = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
  const good = file("spark.yaml", `${others}---\n${head("SparkApplication")}${spec("")}`);
  expect(await plimsoll(["lint", good])).toMatchObject({ code: 0, stderr: "" });
  const scheduled = `${head("ScheduledSparkApplication")}  schedule: 61 * * * *\n  template:\n${spec("    sparkConf: {spark.driver.host: x}\n").replaceAll(/^ {2}(?! {2})/gm, "    ")}`;
  const bad = file(
    "bad-spark.yaml",
    [
      `${head("SparkApplication")}${spec("  sparkUIOptions: {}\n  restartpolicy: {}\n")}`,
      scheduled,
      head("SparkAplication"),
      `${head("SparkApplication", "v1beta1")}${spec("")}`,
      head("SparkConnect", "v1alpha1"),
    ].join("---\n"),
  );
  const { code, stdout } = await plimsoll(["lint", bad, "-o", "json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject([
    {
      file: "bad-spark.yaml",
      line: 9,
      field: "spec.sparkUIOptions",
      message: expect.stringContaining("isn't carried out by Plimsoll: `plimsoll spark ui") as string,
      rule: "field",
    },
    { line: 10, field: "spec.restartpolicy", message: 'there is no such field; did you mean "restartPolicy"?' },
    { line: 18, field: "spec.schedule", message: expect.stringContaining("is ") as string },
    { field: 'spec.template.sparkConf["spark.driver.host"]', line: 24, message: expect.stringContaining("has no effect here") as string },
    { line: 29, field: "kind", message: 'is "SparkAplication": must be SparkApplication or ScheduledSparkApplication' },
    { line: 33, field: "apiVersion", message: 'is "sparkoperator.k8s.io/v1beta1": must be sparkoperator.k8s.io/v1beta2' },
  ]);
});

test("completion gives a script for each shell, and runs' names from the cluster", async () => {
  for (const shell of ["bash", "zsh", "fish", "powershell"])
    expect(await plimsoll(["completion", shell])).toMatchObject({ code: 0, stdout: expect.stringContaining("plimsoll") as string });
  await inNamespace("run", pipeline, "--name", "completed");
  // A Tab waits for the cluster for a second, which on a busy machine may be too short.
  await vi.waitFor(async () => expect((await plimsoll(["complete", "--", "get", "-n", own.namespace, ""])).stdout).toContain("completed"), {
    timeout: 120_000,
  });
  expect((await plimsoll(["complete", "--", ""])).stdout).toMatch(/^run\t/m);
  expect((await plimsoll(["complete", "--", "config", ""])).stdout).toMatch(/^check\t/m);
  expect((await plimsoll(["complete", "--", "permissions", "compare", ""])).stdout).toMatch(/^ocean\t/m);
  expect((await plimsoll(["complete", "--", "permissions", "explain", ""])).stdout).toMatch(/^pipelines\t/m);
});
