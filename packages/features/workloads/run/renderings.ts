import type { WorkloadSet } from "@plimsoll/api";
import type { Language } from "../../expressions.ts";
import type { ConfiguredKind } from "../../configured.ts";
import { render, type Rendered } from "../objects/render.ts";
import type { SourceMap } from "../objects/source.ts";

type Result = ReturnType<typeof render>;

interface Options {
  language: Language;
  kinds: readonly ConfiguredKind[];
  source: (namespace: string, name: string) => SourceMap | undefined;
}

/** What sets come to, worked out once for each of their generations and each version of their source. */
export class Renderings {
  readonly #options: Options;
  readonly #known = new Map<string, { version: string; rendered: Result }>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** How many sets can't be carried out as they are written. */
  get invalid(): number {
    let count = 0;
    for (const { rendered } of this.#known.values()) if ("problems" in rendered) count += 1;
    return count;
  }

  /** `isNew`: what it comes to had not been worked out before. */
  of(set: WorkloadSet): { rendered: Rendered | Exclude<Result, Rendered>; isNew: boolean } {
    const { uid = "", generation = 0, namespace = "" } = set.metadata;
    const name = set.spec.source?.configMap.name;
    const source = name === undefined ? undefined : this.#options.source(namespace, name);
    const version = `${generation} ${source?.version ?? ""}`;
    const known = this.#known.get(uid);
    if (known?.version === version) return { rendered: known.rendered, isNew: false };
    const rendered = render(set, { ...this.#options, source });
    this.#known.set(uid, { version, rendered });
    return { rendered, isNew: true };
  }

  forget(uid: string): void {
    this.#known.delete(uid);
  }
}
