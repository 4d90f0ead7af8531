import type { Place } from "../support/cluster.ts";

/** One thing that a feature is for, played on a real cluster with the feature alone at work. */
export interface Scenario {
  /** Names its namespace, too. */
  name: string;
  /** What it shows, as a sentence. */
  shows: string;
  /** The atoms without which it fails, as in `watch pods`. */
  proves: readonly string[];
  /** The answers that the feature loses on their way, each once. */
  losesAnswer?: (answer: { method: string; path: string }) => boolean;
  /** Whether the API server is one that streams no first lists, as before Kubernetes 1.34: it then refuses to. */
  isOlder?: boolean;
  /** Throws when what should happen does not. */
  play: (stage: Stage) => Promise<void>;
}

/** Where a scenario is played. */
export interface Stage extends Pick<Place, "kubeconfig" | "client" | "namespace" | "start" | "until" | "gone"> {
  /** A kubeconfig of the feature's account. */
  accountKubeconfig: string;
  /** How long each thing may take. */
  seconds: number;
  /** Starts the feature, by default as it is configured by default, and waits until its caches are filled. */
  begin: (config?: object) => Promise<void>;
  /** The feature's metrics, as Prometheus reads them. */
  metrics: () => Promise<string>;
  /** Says what is waited for, for the report of a scenario that fails. */
  expecting: <T>(what: string, happening: Promise<T>) => Promise<T>;
}
