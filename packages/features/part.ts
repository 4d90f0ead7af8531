import type { DeclaredRule } from "@plimsoll/kube";

/** What was seen of an atom of a feature's rules on a real API server; see docs/permissions.md. */
export interface Proof {
  /** As in `watch pods`. */
  atom: string;
  scenario: string;
  /** What the scenario shows, as a sentence. */
  shows: string;
  /** A request that needed the atom. */
  request: string;
  /** What does not happen in the scenario without the atom. */
  fails: string;
}

/** A part of the program with permissions of its own, and their proof. */
export interface Part {
  name: string;
  rules: readonly DeclaredRule[];
  proof: readonly Proof[];
}
