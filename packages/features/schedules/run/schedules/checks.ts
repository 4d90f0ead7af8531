import type { PipelineSchedule } from "@plimsoll/api";
import type { Language } from "../../../expressions.ts";
import { rulesOf } from "../../rules.ts";
import { kindOf } from "../../template.ts";
import type { Runs } from "../objects/runs.ts";

type Checked = ReturnType<typeof rulesOf>;

/** What schedules say, checked once for each of their generations. */
export class Checks {
  readonly #language: Language;
  readonly #runs: Pick<Runs, "kind" | "kinds">;
  readonly #known = new Map<string, { checked: Checked; generation: number | undefined }>();

  constructor(language: Language, runs: Pick<Runs, "kind" | "kinds">) {
    this.#language = language;
    this.#runs = runs;
  }

  /** How many can't be carried out as they are written. */
  get invalid(): number {
    let count = 0;
    for (const { checked } of this.#known.values()) if ("problems" in checked) count += 1;
    return count;
  }

  /** `isNew`: this generation had not been checked before. */
  of(schedule: PipelineSchedule): { checked: Checked; isNew: boolean } {
    const { uid = "", generation } = schedule.metadata;
    const known = this.#known.get(uid);
    if (known !== undefined && known.generation === generation) return { checked: known.checked, isNew: false };
    const checked = this.#check(schedule);
    this.#known.set(uid, { checked, generation });
    return { checked, isNew: true };
  }

  forget(uid: string): void {
    this.#known.delete(uid);
  }

  #check(schedule: PipelineSchedule): Checked {
    const found = rulesOf(schedule, this.#language);
    if ("problems" in found) return found;
    const { apiVersion, kind } = kindOf(schedule.spec.template);
    if (this.#runs.kind({ apiVersion, kind }) !== undefined) return found;
    const known = this.#runs.kinds.map((one) => `${one.kind} of ${one.apiVersion}`).join(", ");
    return {
      problems: [
        {
          path: ["spec", "template", "kind"],
          message: `${kind} of ${apiVersion} isn't scheduled here: add it to features.schedules.kinds of the controller's configuration, or give one of ${known}`,
        },
      ],
    };
  }
}
