import { systemClock, type Clock } from "../clock/clock.ts";
import type { Selection } from "../client/list.ts";
import { reflect, type Sink, type Source } from "./reflector.ts";
import type { KubeObject } from "../client/resource.ts";
import { View, type ViewOptions } from "./view.ts";

export interface SharedWatchesOptions {
  clock?: Clock;
  random?: () => number;
  /** Told of each failed list or watch; it is tried again by itself. */
  onError: (resource: string, error: unknown) => void;
}

/** What a reader wants of a resource. */
export interface Wanted<T extends KubeObject, P extends object, I extends string> extends Pick<
  ViewOptions<T, P, I>,
  "project" | "indexes"
> {
  /**
   * What is enough for this reader. Where another wants all there is, all of that comes: `project` has to leave out what this one doesn't want.
   */
  select?: Omit<Selection, "namespace">;
  /** Objects a page where they have to be listed; the least that a reader asks for. */
  pageSize?: number | undefined;
  /** Whether the kind may be one that isn't installed, or not yet: the view is empty until it is, and keeps nobody waiting. */
  mayBeMissing?: boolean | undefined;
}

interface Reader {
  source: Source<KubeObject>;
  select: Omit<Selection, "namespace">;
  pageSize: number | undefined;
  mayBeMissing: boolean;
  sink: Sink<KubeObject>;
}

interface Group {
  resource: string;
  namespace: string | undefined;
  readers: Reader[];
}

/**
 * One list and watch a resource and namespace, however many read it: each has a view with a projection and indexes of its own. Only where all
 * of them select, and by other labels, each of these has its own: together they would be all that there is. Whoever reads brings the source that
 * its permissions give; that of the first is used for all.
 */
export class SharedWatches {
  readonly #options: SharedWatchesOptions;
  /** The readers of each resource, by namespace. */
  readonly #groups = new Map<string, Group>();
  /** What each view was asked for by: who asks by the same object has the same view. */
  readonly #views = new Map<object, View<KubeObject, object, string>>();
  #hasStarted = false;

  constructor(options: SharedWatchesOptions) {
    this.#options = options;
  }

  /** Lists and watches that there will be. */
  get size(): number {
    return this.#watches().length;
  }

  #watches(): (Omit<Group, "readers"> & { readers: readonly Reader[] })[] {
    return [...this.#groups.values()].flatMap(({ readers, ...group }) => apart(readers).map((some) => ({ ...group, readers: some })));
  }

  /**
   * Two readers that give the same object, as a constant, have one view, and its memory, in common. `namespaces`: where the objects are;
   * undefined: in the whole cluster. Throws an Error when the watches have begun: what another reads already can't be widened any more.
   */
  view<T extends KubeObject, P extends object, I extends string = never>(
    resource: string,
    source: Source<T>,
    wanted: Wanted<T, P, I>,
    namespaces?: readonly string[],
  ): View<T, P, I> {
    if (this.#hasStarted) throw new Error(`the watches have begun: ask for the view of ${resource} before anything is waited for`);
    // The same object wants the same of the same resource.
    const known = this.#views.get(wanted) as View<T, P, I> | undefined;
    if (known !== undefined) return known;
    const { project, indexes, select = {}, pageSize, mayBeMissing = false } = wanted;
    const { clock = systemClock } = this.#options;
    const onError = (error: unknown): void => this.#options.onError(resource, error);
    const view = new View<T, P, I>({ project, onError, clock, ...(indexes === undefined ? {} : { indexes }) });
    for (const namespace of namespaces === undefined ? [undefined] : new Set(namespaces)) {
      const key = `${resource} ${namespace ?? ""}`;
      const group = this.#groups.get(key) ?? { resource, namespace, readers: [] };
      this.#groups.set(key, group);
      // Each reader gets the objects of the resource that it has asked for, whose type the catalogue knows.
      group.readers.push({ source, select, pageSize, mayBeMissing, sink: view.sink(namespace) } as unknown as Reader);
    }
    this.#views.set(wanted, view as unknown as View<KubeObject, object, string>);
    return view;
  }

  /** Resolves when every view has been filled; rejects when that can't come any more. */
  async synced(): Promise<void> {
    await Promise.all(Array.from(this.#views.values(), ({ synced }) => synced));
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#hasStarted = true;
    const { clock = systemClock, random = Math.random } = this.#options;
    await Promise.all(
      this.#watches().map(async ({ resource, namespace, readers }) => {
        const [first] = readers;
        if (first === undefined) return;
        const sizes = readers.flatMap(({ pageSize }) => pageSize ?? []);
        await reflect(
          first.source,
          fanOut(readers.map(({ sink }) => sink)),
          {
            select: { namespace, ...narrowest(readers.map(({ select }) => select)) },
            pageSize: sizes.length > 0 ? Math.min(...sizes) : undefined,
            mayBeMissing: readers.every((reader) => reader.mayBeMissing),
            clock,
            random,
            onError: (error) => this.#options.onError(resource, error),
          },
          signal,
        );
      }),
    );
    for (const view of this.#views.values()) view.end(signal.reason);
  }
}

/** The readers that share a watch: all of them where one selects nothing, else those that select by the same labels. */
function apart(readers: readonly Reader[]): readonly (readonly Reader[])[] {
  const wantsAll = ({ select: { labelSelector, fieldSelector } }: Reader): boolean =>
    labelSelector === undefined && fieldSelector === undefined;
  return readers.some(wantsAll) ? [readers] : [...Map.groupBy(readers, ({ select }) => select.labelSelector).values()];
}

/** The selection that is enough for all: what they have in common. */
function narrowest(selections: readonly Omit<Selection, "namespace">[]): Omit<Selection, "namespace"> {
  const common = (field: "labelSelector" | "fieldSelector"): string | undefined => {
    const values = new Set(selections.map((select) => select[field]));
    return values.size === 1 ? [...values][0] : undefined;
  };
  return { labelSelector: common("labelSelector"), fieldSelector: common("fieldSelector") };
}

function fanOut(sinks: readonly Sink<KubeObject>[]): Sink<KubeObject> {
  const [only] = sinks;
  if (only !== undefined && sinks.length === 1) return only;
  return {
    beginList: () => sinks.forEach((sink) => sink.beginList()),
    listed: (object) => sinks.forEach((sink) => sink.listed(object)),
    endList: async () => void (await Promise.all(sinks.map((sink) => sink.endList()))),
    changed: (event) => sinks.forEach((sink) => sink.changed(event)),
  };
}
