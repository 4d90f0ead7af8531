import type {
  Clock,
  Declaration,
  GatedClient,
  Named,
  Occurrence,
  Page,
  PartialObject,
  Permission,
  Resource,
  View,
  Wanted,
  WorkQueue,
} from "@plimsoll/kube";
import type { Registry } from "prom-client";
import type { Catalogue } from "./kinds.ts";

/** The resources of which both "list" and "watch" were declared, in one permission. */
type Watched<P> = P extends Permission<infer R, infer V> ? ("list" | "watch" extends V ? R : never) : never;

type Kind<R> = R extends keyof Catalogue ? (Catalogue[R] extends Resource<infer T, boolean> ? T : never) : never;

/** A line of the log: what it is about as fields, then what has happened. */
type Say = (fields: Record<string, unknown>, message: string) => void;

/** What a feature is given to work with: all that it may do is what it has declared. */
export interface Runtime<P extends Permission = Permission, C = unknown> {
  readonly client: GatedClient<Catalogue, P>;
  /**
   * The objects of a resource as the feature sees them. One list and watch serves all features, so that every view has to be asked for
   * before anything is waited for. A follower's views are kept up, too. Features that want the same, by the same constant, share the view.
   */
  view<R extends Watched<P> & keyof Catalogue & string, V extends object, I extends string = never>(
    resource: R,
    wanted: Wanted<Kind<R> & object, V, I>,
  ): View<Kind<R> & object, V, I>;
  /**
   * The metadata of the objects of a resource that no feature declares, page by page: one that the configuration names. The right to list it
   * is none of the feature's; whoever installs gives it by an extension.
   */
  opened(resource: Named): AsyncIterable<Page<PartialObject>>;
  /** Resolves when all views have been filled; rejects with the signal's reason when that can't come any more. */
  synced(): Promise<void>;
  /** A work queue that the program's health and metrics know by this name. What fails in it is logged and counted. */
  queue(name: string): WorkQueue;
  /**
   * Resolves when this process leads: only then may a feature that has to be alone begin to write. Rejects with the signal's reason when
   * the feature is to end before.
   */
  readonly elected: Promise<void>;
  /** The namespaces that the feature works in; undefined: all. */
  readonly namespaces: readonly string[] | undefined;
  /** Aborts when the feature is to end. What it has to write yet, it writes then, within some seconds. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: { debug: Say; info: Say; warn: Say; error: Say };
  /** For metrics of the feature's own, named `plimsoll_FEATURE_…`. */
  readonly metrics: Registry;
  /** Tells users what has happened to an object, as `kubectl describe` shows it. Never throws, never waits. */
  readonly events: { record(occurrence: Occurrence): void };
  /** Says what could not be done and is tried again. */
  retried(what: string, error: unknown): void;
  /** Calls back when the API server asks to be left alone for some seconds. */
  onRetryAfter(listener: (seconds: number) => void): void;
  /** Calls back with the feature's configuration when what can be changed while it works has been changed. */
  onConfig(listener: (config: C) => void): void;
}

/** The runtime of a feature with these permissions. */
export type RuntimeOf<D, C> = D extends Declaration<Catalogue, infer P> ? Runtime<P, C> : never;
