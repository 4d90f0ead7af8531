/** An object as the API server gives it. */
export interface Given {
  metadata: { name: string; namespace: string; uid: string; resourceVersion: string; creationTimestamp: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** How many runs are under way, how long each is, and whether the texts of each are its own. */
export interface Scale {
  runs: number;
  steps: number;
  isDistinct: boolean;
}

/** Steps of each run that run. */
export const width = 10;

const at = "2026-01-01T00:00:00Z";

/** A run of which half the steps have succeeded and ten run. Each step follows the one ten before it. */
export function runAt(run: number, { steps, isDistinct }: Scale): Given {
  const all = Array.from({ length: steps }, (_, step) => ({
    name: `step-${step}`,
    image: "registry.example.com/team/image:1.2.3",
    needs: step < width ? [] : [`step-${step - width}`],
    script: scriptOf(step, isDistinct ? run : 0),
  }));
  const entries = all.slice(0, steps / 2 + width).map(({ name }, step) => {
    const ended = step < steps / 2;
    return [name, ended ? { phase: "Succeeded", startedAt: at, finishedAt: at } : { phase: "Running", startedAt: at }];
  });
  return {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: metadata(`run-${run}`, uidOf(run)),
    spec: { pipeline: { params: [{ name: "rate", type: "number", default: 0.1 }], steps: all } },
    status: {
      observedGeneration: 1,
      updatedAt: at,
      phase: "Running",
      startedAt: at,
      progress: `${steps / 2}/${steps}`,
      conditions: [{ type: "Valid", status: "True", reason: "Valid", message: "", lastTransitionTime: at, observedGeneration: 1 }],
      steps: Object.fromEntries(entries),
    },
  };
}

function scriptOf(step: number, own: number): string {
  const lines = "# a line of a script, as they are\n".repeat(8);
  return `python3 train.py --rate \${{ params.rate * ${own + 1}.0 }} --shard ${step} --run ${own}\necho done\n${lines}`;
}

/** The pods of all runs: one of each step that runs. */
export function podAt(index: number, scale: Scale): Given {
  const { name, run, labels } = placeOf(index, scale);
  const owner = { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name: `run-${run}`, uid: uidOf(run), controller: true };
  return {
    metadata: {
      ...metadata(`${name}--1`, `pod-${index}`),
      labels: { ...labels, "plimsoll.dev/try": "1" },
      ownerReferences: [owner],
    },
    spec: { nodeName: "node-1", restartPolicy: "Never", containers: [{ name: "step", image: "registry.example.com/team/image:1.2.3" }] },
    status: { phase: "Running", containerStatuses: [{ name: "step", state: { running: { startedAt: at } } }] },
  };
}

/** The Jobs of all runs, for a build that makes them. */
export function jobAt(index: number, scale: Scale): Given {
  const { name, labels } = placeOf(index, scale);
  return { metadata: { ...metadata(name, `job-${index}`), labels }, spec: {}, status: { active: 1 } };
}

function placeOf(index: number, { steps }: Scale): { name: string; run: number; labels: Record<string, string> } {
  const [run, step] = [Math.floor(index / width), steps / 2 + (index % width)];
  const labels = { "plimsoll.dev/run": `run-${run}`, "plimsoll.dev/run-uid": uidOf(run), "plimsoll.dev/step": `step-${step}` };
  return { name: `run-${run}--step-${step}`, run, labels };
}

function metadata(name: string, uid: string): Given["metadata"] {
  return { name, namespace: "team", uid, resourceVersion: "1", generation: 1, creationTimestamp: at };
}

function uidOf(run: number): string {
  return `00000000-0000-4000-8000-${String(run).padStart(12, "0")}`;
}
