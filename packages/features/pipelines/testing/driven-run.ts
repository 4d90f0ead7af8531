import type { PipelineRun, PipelineSpec, RunStatus, StepStatus } from "@plimsoll/api";
import type { Decision } from "../decision.ts";
import { Engine } from "../engine.ts";
import { jobName } from "../names.ts";
import { compile } from "../plan/plan.ts";
import { activePod } from "./active-pod.ts";
import { merged } from "./merged.ts";
import { viewJob, type JobView, type PodView } from "../view.ts";

/** A run of which a test says what happens to Jobs and pods, one thing after the other. */
export class DrivenRun {
  engine: Engine;
  status: RunStatus = {};
  /** What was decided last. */
  decision: Decision;
  /** Names of all Jobs created so far. */
  readonly created: string[] = [];
  /** Seconds since the run's start. */
  seconds = 0;
  cancel = false;
  /** Why a Job can't be created for now, if so. */
  blocks: (job: string) => string | undefined;

  constructor(pipeline: PipelineSpec, params: Record<string, unknown> = {}, blocks: DrivenRun["blocks"] = () => undefined) {
    this.blocks = blocks;
    const result = compile({ pipeline, params });
    if ("problems" in result) throw new Error(JSON.stringify(result.problems));
    this.engine = new Engine(this.#run, result.plan, undefined, 0);
    this.decision = this.decide();
  }

  get #run(): PipelineRun {
    return { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", metadata: { name: "run", namespace: "ns", uid: "uid" }, spec: {} };
  }

  /** Decides and carries out, as often as there is something to confirm; all pods are told anyway. */
  decide(): Decision {
    const now = this.seconds * 1000;
    for (let again = true; again;) {
      this.decision = this.engine.decide({ run: { namespace: "ns", name: "run", uid: "uid" }, now, cancel: this.cancel });
      const hindered = new Map<number, string>();
      for (const { job, step } of this.decision.create) {
        const name = job.metadata?.name ?? "";
        const message = hindered.get(step) ?? this.blocks(name);
        if (message !== undefined) {
          hindered.set(step, message);
          continue;
        }
        this.created.push(name);
        this.engine.created({ ...viewJob(job), createdAt: new Date(now).toISOString() });
      }
      for (const step of this.decision.confirm) this.engine.confirmed(step, this.engine.unseen(step));
      this.engine.advance(this.decision, this.#run, now, { hindered });
      again = this.decision.confirm.length + hindered.size > 0;
    }
    this.#write();
    return this.decision;
  }

  /** The controller begins anew: it knows the status, without the entries that are lost, and has yet to be told of Jobs and pods. */
  restart(...lost: string[]): void {
    const steps = Object.fromEntries(Object.entries(this.status.steps ?? {}).filter(([name]) => !lost.includes(name)));
    this.status = { ...this.status, steps };
    this.engine = new Engine({ ...this.#run, status: this.status }, this.engine.plan, undefined, this.seconds * 1000);
  }

  /** What was decided can't be carried out. */
  hinder(message: string): void {
    this.engine.hinder(message);
    this.#write();
  }

  #write(): void {
    this.status = merged(this.status, this.engine.takeUnwritten() ?? {});
  }

  entry(step: string): StepStatus | undefined {
    return this.status.steps?.[step];
  }

  /** A pod of a step that runs. */
  podOf(step: string, item = 0): PodView {
    return activePod({ name: `${step}-${item}-x`, step, item });
  }

  /** A pod of a step is now as `more` says; then all is decided anew. */
  pod(step: string, more: Partial<PodView>): Decision {
    this.engine.pod({ ...this.podOf(step, more.item), ...more });
    return this.decide();
  }

  succeed(step: string, message = "", item = 0): Decision {
    return this.pod(step, { phase: "succeeded", written: { text: message, limit: 4096 }, item });
  }

  /** The Job of a step, or of one of its items. */
  jobOf(step: string, more: Partial<JobView> = {}): JobView {
    const item = "item" in more ? more.item : 0;
    const name = this.created.includes(jobName("run", step)) ? jobName("run", step) : jobName("run", step, item);
    const state = { createdAt: "1970-01-01T00:00:00Z", failure: undefined, complete: false, deleting: false, failedItems: 0 };
    return { namespace: "ns", name, run: "run", runUid: "uid", step, item, ...state, ...more };
  }

  /** It is now as `more` says; then all is decided anew. */
  job(step: string, more: Partial<JobView>, gone = false): Decision {
    this.engine.job(this.jobOf(step, more), gone);
    return this.decide();
  }
}
