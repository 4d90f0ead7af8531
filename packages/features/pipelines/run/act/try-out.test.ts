import type { PipelineSpec, Step } from "@plimsoll/api";
import { ApiError } from "@plimsoll/kube";
import { expect, test } from "vitest";
import { compile } from "../../plan/plan.ts";
import type { StepObject } from "../../step/manifest/stored.ts";
import type { Hands } from "./carry-out.ts";
import { tryOut } from "./try-out.ts";

const run = { namespace: "ns", name: "run", uid: "uid" };

const job = (name: string, spec: object, more: Partial<Step> = {}): Step => ({
  name,
  manifest: { apiVersion: "batch/v1", kind: "Job", spec },
  ...more,
});

/** What is tried of a pipeline, as a kind's objects, and the problems where the API server refuses those that `refuses` says. */
async function tried(pipeline: PipelineSpec, refuses: (object: StepObject) => ApiError | undefined = () => undefined) {
  const result = compile({ pipeline, params: {} });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  const asked: [name: string | undefined, spec: unknown, dryRun: unknown][] = [];
  const create = async (object: StepObject, options: { dryRun?: string }): Promise<StepObject> => {
    asked.push([object.metadata.name, Reflect.get(object, "spec"), options.dryRun]);
    const refusal = refuses(object);
    if (refusal !== undefined) throw refusal;
    return object;
  };
  const hands = {
    client: () => ({ create }),
    granted: new Map([["batch/v1 Job", { hands: { create } }]]),
    limiter: { acquire: async () => {} },
    signal: new AbortController().signal,
  } as unknown as Hands;
  return { problems: await tryOut(hands, run, result.plan), asked };
}

test("of the objects that come later each that is known is tried once: with parameters and items, without what waits for outputs", async () => {
  const { asked, problems } = await tried({
    params: [{ name: "workers", type: "integer", default: 3 }],
    steps: [
      job("now", { completions: 1 }),
      job("same", { completions: 1 }, { needs: ["now"] }),
      job("param", { parallelism: "${{ params.workers }}" }, { needs: ["now"] }),
      job("again", { parallelism: "${{ params.workers }}" }, { needs: ["now"] }),
      job("fan", { completions: "${{ item }}" }, { forEach: [4, 5, 4] }),
      job("alike", { completions: 6 }, { forEach: [1, 2], needs: ["now"] }),
      job("out", { completions: "${{ int(steps.now.outputs.n) }}" }, { needs: ["now"] }),
    ],
    finally: [job("last", { text: "${{ run.outcome }}" })],
  });
  expect(problems).toEqual([]);
  expect(asked).toEqual([
    ["run--param--1", { parallelism: 3 }, "All"],
    ["run--fan--0--1", { completions: 4 }, "All"],
    ["run--fan--1--1", { completions: 5 }, "All"],
    ["run--alike--0--1", { completions: 6 }, "All"],
  ]);
});

test("what the API server never takes of an object is told at its step; what may pass is no problem", async () => {
  const refusal = (code: number, message: string): ApiError => new ApiError("POST", code, { message });
  const { problems } = await tried(
    {
      steps: [job("now", {}), ...["bad", "quota", "unknown", "webhook"].map((name) => job(name, { name }, { needs: ["now"] }))],
    },
    ({ metadata: { name = "" } }) => {
      if (name.includes("bad")) return refusal(422, "spec.completions: Invalid value");
      if (name.includes("quota")) return refusal(403, "exceeded quota");
      if (name.includes("unknown")) return refusal(404, "the server could not find the requested resource");
      return refusal(400, "admission webhook w does not support dry run");
    },
  );
  expect(problems).toEqual([
    {
      path: ["spec", "steps", 1, "manifest"],
      message: expect.stringMatching(/^the API server refuses its Job: .*spec\.completions: Invalid value$/),
    },
  ]);
});
