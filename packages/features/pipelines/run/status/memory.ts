import type { Pipeline } from "@plimsoll/api";
import { ApiError, isConflict, isNotFound, messageOf, statusChange, type Clock, type Stored } from "@plimsoll/kube";
import type { Client } from "../../permissions.ts";
import { KnownTries } from "../../sizing/known-tries.ts";
import { isTooLarge } from "./status.ts";

type Remembering = Pick<Stored<Pipeline>, "metadata" | "spec" | "status">;

/** So often it is tried at once where others write, too. */
const mostWrites = 20;

/** After so many answers that it can't be now, as of a webhook that fails, the run ends all the same: it has waited for some ten seconds. */
const mostFailures = 10;

/** What the Pipeline that a run names remembers of its steps' tries: the next run goes by it. */
export class PipelineMemory {
  readonly tries: KnownTries;
  readonly #uid: string | undefined;
  #pipeline: Remembering | undefined;
  #failures = 0;

  /** `pipeline`: as it was read; undefined: it is gone, so that nothing can be remembered. */
  constructor(pipeline: Remembering | undefined) {
    this.#pipeline = pipeline;
    this.#uid = pipeline?.metadata.uid;
    this.tries = new KnownTries(pipeline?.status);
  }

  /** Takes in what another run of the same Pipeline has learned that has ended meanwhile. */
  hear(other: PipelineMemory): void {
    if (other !== this && other.#uid !== undefined && other.#uid === this.#uid) this.tries.learnFrom(other.tries, false);
  }

  /**
   * Has the Pipeline remember the run's own tries. It may be done again after a crash: what is remembered already is told by its pod. Gives why it
   * can't, if so; rejects where it may be possible later.
   */
  async write(client: Client, clock: Pick<Clock, "now">): Promise<string | undefined> {
    let tries = this.tries;
    for (let writes = 1; this.#pipeline !== undefined && this.tries.hasOwn; writes += 1) {
      try {
        await writeTries(client, this.#pipeline, tries, clock.now());
        break;
      } catch (error) {
        if (isNotFound(error)) break;
        const isAnswered = error instanceof ApiError && !isConflict(error);
        if (isAnswered) this.#failures += 1;
        if (isAnswered && (isRefused(error) || this.#failures >= mostFailures)) {
          this.#pipeline = undefined;
          return messageOf(error);
        }
        if (!isConflict(error) || writes >= mostWrites) throw error;
      }
      // Another run has written to it.
      this.#pipeline = await readAgain(client, this.#pipeline);
      tries = new KnownTries(this.#pipeline?.status);
      tries.learnFrom(this.tries);
    }
    this.#pipeline = undefined;
    return undefined;
  }
}

async function writeTries(client: Client, pipeline: Remembering, tries: KnownTries, now: number): Promise<void> {
  const { namespace = "", name, uid, resourceVersion } = pipeline.metadata;
  const status = statusChange(pipeline.status, tries.status(sizedSteps(pipeline), now));
  if (status === undefined) return;
  await client("pipelines.plimsoll.dev/status").patch({ namespace, name }, { metadata: { uid, resourceVersion }, status });
}

/** As it is now; undefined: it is gone, or another has come under its name. */
async function readAgain(client: Client, { metadata: { namespace = "", name, uid } }: Remembering): Promise<Remembering | undefined> {
  try {
    const pipeline = await client("pipelines.plimsoll.dev").get({ namespace, name });
    return pipeline.metadata.uid === uid ? pipeline : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function sizedSteps({ spec }: Remembering): Set<string> {
  return new Set([...spec.steps, ...(spec.finally ?? [])].flatMap(({ name, resources }) => (resources?.auto === undefined ? [] : [name])));
}

/** Whether the API server would answer the same again. */
function isRefused(error: ApiError): boolean {
  return isTooLarge(error) || (error.code >= 400 && error.code < 500 && ![408, 429].includes(error.code));
}
