import type { WorkloadSet } from "@plimsoll/api";
import type { Language } from "../../expressions.ts";
import type { ConfiguredKind } from "../../configured.ts";
import type { Desired } from "../objects/desired.ts";
import { render, type Rendered } from "../objects/render.ts";
import type { WrittenObject } from "../objects/written.ts";
import type { SourceMap } from "../objects/source.ts";

type Result = ReturnType<typeof render>;

interface Options {
  language: Language;
  kinds: readonly ConfiguredKind[];
  source: (namespace: string, name: string) => SourceMap | undefined;
  /** The set of a name with its namespace before it, as it is now. */
  seen: (key: string) => WorkloadSet | undefined;
}

/**
 * What sets come to, worked out once for each of their generations and each version of their source. Of the objects a digest is kept, by
 * which it is seen whether they are as they should be: they themselves are there for as long as there is room, and else worked out again.
 */
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
    const version = versionOf(generation, source);
    const known = this.#known.get(uid);
    if (known?.version === version) return { rendered: known.rendered, isNew: false };
    const whole = render(set, { ...this.#options, source });
    const rendered = "problems" in whole ? whole : this.#slim(whole, set, version);
    this.#known.set(uid, { version, rendered });
    return { rendered, isNew: true };
  }

  forget(uid: string): void {
    this.#known.delete(uid);
  }

  #slim(whole: Rendered, { metadata: { namespace = "", name = "" } }: WorkloadSet, version: string): Rendered {
    const objects = new Objects(whole, () => this.#again(`${namespace}/${name}`, version));
    return { ...whole, desired: whole.desired.map((one) => new Slim(one, objects)) };
  }

  /** Throws an Error where the set, or its source, is another by now: then it is to be looked at anew. */
  #again(key: string, version: string): Rendered {
    const set = this.#options.seen(key);
    const { generation = 0, namespace = "" } = set?.metadata ?? {};
    const name = set?.spec.source?.configMap.name;
    const source = name === undefined ? undefined : this.#options.source(namespace, name);
    const rendered = set !== undefined && versionOf(generation, source) === version ? render(set, { ...this.#options, source }) : undefined;
    if (rendered === undefined || "problems" in rendered) throw new Error(`workload set ${key} has changed meanwhile`);
    return rendered;
  }
}

function versionOf(generation: number, source: SourceMap | undefined): string {
  return `${generation} ${source?.version ?? ""}`;
}

/** The objects of a set, worked out again where they are no longer there. */
class Objects {
  #held: WeakRef<Rendered>;
  readonly #again: () => Rendered;

  constructor(whole: Rendered, again: () => Rendered) {
    this.#held = new WeakRef(whole);
    this.#again = again;
  }

  /** Throws an Error where the set is another by now. */
  of(key: string): WrittenObject {
    const whole = this.#held.deref() ?? this.#again();
    this.#held = new WeakRef(whole);
    const found = whole.desired.find((one) => one.key === key);
    if (found === undefined) throw new Error(`the set lists no ${key}`);
    return found.object;
  }
}

/** An object as a set wants it, of which the digest is kept. */
class Slim implements Desired {
  readonly ref: Desired["ref"];
  readonly key: string;
  readonly digest: string;
  readonly rank: number;
  readonly needs: readonly string[];
  readonly ends: boolean;
  readonly #objects: Objects;

  constructor({ ref, key, digest, rank, needs, ends }: Desired, objects: Objects) {
    this.ref = ref;
    this.key = key;
    this.digest = digest;
    this.rank = rank;
    this.needs = needs;
    this.ends = ends;
    this.#objects = objects;
  }

  get object(): WrittenObject {
    return this.#objects.of(this.key);
  }
}
