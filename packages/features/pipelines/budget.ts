/**
 * What the expressions of one step may take, all together: items that the macros (`map`, `exists`, …) go through, characters that are read or made,
 * and characters of what is rendered for its Jobs. Each is about a second's work, so that none can hold the program up or fill its memory.
 */
const most = { items: 500_000, characters: 2 ** 26, "rendered characters": 2 ** 26 };
const nothing = { items: 0, characters: 0, "rendered characters": 0 };
let spent = { ...nothing };

/** Counts what an expression takes. Throws an Error when it is more than a step may take. */
export function spend(what: keyof typeof most, amount: number): void {
  spent[what] += amount;
  if (spent[what] > most[what]) throw new Error(`the step's expressions go through more than ${most[what]} ${what}: do this in a step`);
}

/** To be called before each step: counts anew. Gives how much has been spent since the last time, as a share of what one step may take. */
export function startCounting(): number {
  const share = Math.max(
    spent.items / most.items,
    spent.characters / most.characters,
    spent["rendered characters"] / most["rendered characters"],
  );
  if (share > 0) spent = { ...nothing };
  return share;
}
