/** Which set each object belongs to, by its place: two sets that name the same object would undo each other's work. */
export class Claims {
  readonly #owners = new Map<string, string>();
  readonly #places = new Map<string, Set<string>>();
  /** Who wants what another has. */
  readonly #waiting = new Map<string, Set<string>>();

  /** Gives the set that has the object: `set`, unless another was first. Both by their names with their namespace. */
  take(place: string, set: string): string {
    const owner = this.#owners.get(place);
    if (owner === undefined) {
      this.#owners.set(place, set);
      this.#places.set(set, (this.#places.get(set) ?? new Set()).add(place));
    } else if (owner !== set) this.#waiting.set(place, (this.#waiting.get(place) ?? new Set()).add(set));
    return owner ?? set;
  }

  /** Leaves a set the objects at these places alone; gives the sets that wait for the others that it had. */
  keep(set: string, places: ReadonlySet<string>): string[] {
    const freed: string[] = [];
    const own = this.#places.get(set) ?? new Set();
    for (const place of own) {
      if (places.has(place)) continue;
      this.#owners.delete(place);
      own.delete(place);
      freed.push(...(this.#waiting.get(place) ?? []));
      this.#waiting.delete(place);
    }
    if (own.size === 0) this.#places.delete(set);
    return freed;
  }
}
