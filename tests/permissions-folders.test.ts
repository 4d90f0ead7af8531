import { helmProgram, printProgress } from "@plimsoll/cluster";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { kubectlProgram } from "../bench/kubectl.ts";
import { offline } from "./support/permissions.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-folders-"));
afterAll(() => rm(folder, { recursive: true }));

// The tools by the names that people have them by.
beforeAll(async () => {
  const tools = join(folder, "bin");
  mkdirSync(tools);
  symlinkSync(await helmProgram(4, { onProgress: printProgress(process.stderr) }), join(tools, "helm"));
  symlinkSync(kubectlProgram(), join(tools, "kubectl"));
  vi.stubEnv("PATH", `${tools}:${dirname(process.execPath)}`);
}, 1_800_000);

function write(path: string, text: string): void {
  const file = join(folder, "deploy", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const role = (name: string, resource: string, comment = "") =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: ${name}}\nrules:\n${comment}  - {apiGroups: [""], resources: [${resource}], verbs: [get]}\n`;

write("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 0.1.0\n");
write("chart/values.yaml", "reads: secrets\n");
write(
  "chart/templates/role.yaml",
  `{{- if .Values.reads }}\n${role("charted", "{{ .Values.reads }}", "  # plimsoll:accept secrets-read the chart's program keeps them\n")}{{- end }}\n`,
);
write("library/Chart.yaml", "apiVersion: v2\nname: library\nversion: 0.1.0\ntype: library\n");
write("overlay/kustomization.yaml", "namePrefix: prod-\nresources: [rbac/role.yaml]\n");
write("overlay/rbac/role.yaml", role("reader", "nodes/proxy"));
write("plain/role.json", JSON.stringify({ apiVersion: "v1", kind: "List", items: [] }));
write("plain/role.yml", role("plain", "pods/exec"));
write("plain/values.yaml", "not: {closed\n");
write("plain/node_modules/dependency/role.yaml", role("dependency", "secrets"));

const deploy = join(folder, "deploy");

test("a folder's files are judged, its chart by what Helm renders and its kustomization by what kubectl builds, once each", async () => {
  const { code, stdout, stderr } = await offline("risks", deploy, "-o", "json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "1 finding accepted\n" });
  const found = (JSON.parse(stdout) as { id: string; role: { name: string; source: string }; accepted?: object }[]).map((one) => ({
    id: one.id,
    role: one.role.name,
    source: one.role.source.slice(deploy.length + 1),
    accepted: one.accepted,
  }));
  expect(found).toEqual([
    { id: "secrets-read", role: "charted", source: "chart/Chart.yaml (rendered)", accepted: { reason: "the chart's program keeps them" } },
    expect.objectContaining({ id: "nodes-proxy", role: "prod-reader", source: "overlay/kustomization.yaml (rendered)" }),
    expect.objectContaining({ id: "pods-exec", role: "plain", source: "plain/role.yml" }),
  ]);
});

test("--select looks at some roles only, and says which there are when it fits none", async () => {
  const { stdout } = await offline("risks", deploy, "--select", "clusterrole/prod-*", "plain");
  expect(stdout).toMatch(/nodes-proxy +ClusterRole prod-reader/);
  expect(stdout).toMatch(/pods-exec +ClusterRole plain/);
  expect(stdout).not.toContain("charted");
  expect(await offline("risks", deploy, "--select", "role/*")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      "--select role/*: fits none of ClusterRole charted, ClusterRole prod-reader, ClusterRole plain",
    ) as string,
  });
});

test("code scanning is shown what is to be mended of what was rendered", async () => {
  const { stdout } = await offline("risks", deploy, "-o", "sarif");
  const { results } = (JSON.parse(stdout) as { runs: [{ results: { ruleId: string; locations: { physicalLocation: object }[] }[] }] })
    .runs[0];
  const at = (id: string) => results.find(({ ruleId }) => ruleId === id)?.locations[0]?.physicalLocation;
  expect(at("nodes-proxy")).toEqual({ artifactLocation: { uri: expect.stringMatching(/overlay\/kustomization\.yaml$/) as string } });
  expect(at("pods-exec")).toMatchObject({ region: { startLine: 5 } });
});

test("a chart that doesn't render is told, and the others are judged", async () => {
  write("broken/Chart.yaml", "apiVersion: v2\nname: broken\nversion: 0.1.0\n");
  write("broken/templates/role.yaml", "{{ fail `set a name` }}\n");
  const { code, stdout, stderr } = await offline("risks", deploy);
  expect(code).toBe(2);
  expect(stdout).toContain("pods-exec");
  expect(stderr).toMatch(/error: .*deploy\/broken: helm template .*failed: .*set a name/);
  vi.stubEnv("PATH", dirname(process.execPath));
  expect((await offline("risks", join(deploy, "chart"))).stderr).toMatch(
    /chart: to render it, no helm is installed here; elsewhere: helm template .*chart \| plimsoll permissions risks -/,
  );
});
