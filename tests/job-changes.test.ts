import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { place } from "./support/cluster.ts";
import { idleObjects } from "./support/workloads.ts";

/** What can be said otherwise of a Job, and whether the API server takes it of one that runs, and of one that is suspended. */
const jobChanges: readonly [what: string, change: (job: JobSpec) => object, running: boolean, suspended: boolean][] = [
  ["the image", ({ template }) => ({ template: inContainer(template, { image: "debian" }) }), false, false],
  ["env, command or args", ({ template }) => ({ template: inContainer(template, { env: [{ name: "A", value: "b" }] }) }), false, false],
  ["resources", ({ template }) => ({ template: inContainer(template, { resources: { requests: { cpu: "1" } } }) }), false, true],
  ["nodeSelector", ({ template }) => ({ template: inPod(template, { nodeSelector: { pool: "other" } }) }), false, true],
  ["tolerations", ({ template }) => ({ template: inPod(template, { tolerations: [{ key: "a", operator: "Exists" }] }) }), false, true],
  ["priorityClassName", ({ template }) => ({ template: inPod(template, { priorityClassName: "system-cluster-critical" }) }), false, false],
  ["the template's labels", ({ template }) => ({ template: { ...template, metadata: { labels: { a: "b" } } } }), false, true],
  ["the template's annotations", ({ template }) => ({ template: { ...template, metadata: { annotations: { a: "b" } } } }), false, true],
  ["completions", () => ({ completions: 3 }), false, false],
  ["completionMode", () => ({ completionMode: "Indexed", completions: 1 }), false, false],
  ["parallelism", () => ({ parallelism: 2 }), true, true],
  ["backoffLimit", () => ({ backoffLimit: 2 }), true, true],
  ["activeDeadlineSeconds", () => ({ activeDeadlineSeconds: 600 }), true, true],
  ["ttlSecondsAfterFinished", () => ({ ttlSecondsAfterFinished: 600 }), true, true],
  ["suspend", ({ suspend }) => ({ suspend: !suspend }), true, true],
];

interface JobSpec {
  suspend: boolean;
  template: Template;
}
type Template = { spec: { containers: object[] } };
const inContainer = ({ spec }: Template, more: object): Template => ({
  spec: { ...spec, containers: [{ ...spec.containers[0], ...more }] },
});
const inPod = ({ spec }: Template, more: object): object => ({ spec: { ...spec, ...more } });

test("what the API server takes of a Job that changes is what the page says", async () => {
  const { client, namespace } = await place();
  const { spec } = idleObjects("job")["jobs.batch"] as { spec: JobSpec };
  const apply = async (name: string, body: object, dryRun?: "All"): Promise<boolean> => {
    try {
      await client("jobs.batch").patch({ namespace, name }, { spec: body }, { type: "apply", fieldManager: "plimsoll-workloads", dryRun });
      return true;
    } catch (error) {
      expect(String(error)).toMatch(/422 Invalid: .*field is immutable/s);
      return false;
    }
  };
  const page = await readFile(new URL("../docs/workloads.md", import.meta.url), "utf8");
  for (const [name, suspend] of [
    ["running", false],
    ["suspended", true],
  ] as const) {
    const written = { ...spec, suspend };
    await apply(name, written);
    const taken = [];
    for (const [what, change] of jobChanges) taken.push([what, await apply(name, { ...written, ...change(written) }, "All")]);
    expect({ name, taken }).toEqual({
      name,
      taken: jobChanges.map(([what, , running, suspended]) => [what, suspend ? suspended : running]),
    });
  }
  for (const [what, , running, suspended] of jobChanges)
    expect(page).toMatch(
      new RegExp(`\\n\\| ${what} +\\| ${running ? "changed" : "refused"} +\\| ${suspended ? "changed" : "refused"} +\\|\\n`),
    );
});
