/**
 * What the expressions of one step may take, all together: items that the macros (`map`, `exists`, …) go through, characters that are read or made,
 * and characters of what is rendered for its Jobs. Each is about a second's work, so that none can hold the program up or fill its memory.
 */
const most = { items: 500_000, characters: 2 ** 26, rendered: 2 ** 26 };
const messages = {
  items: `the step's expressions go through more than ${most.items} items: do this in a step`,
  characters: `the step's expressions go through more than ${most.characters} characters: do this in a step`,
  rendered: `what is rendered for the step's Jobs is longer than ${most.rendered} characters: shorten it, or have fewer items`,
};
const nothing = { items: 0, characters: 0, rendered: 0 };
let spent = { ...nothing };

/** Counts what a step takes. Throws an Error when it is more than it may take. */
export function spend(what: keyof typeof most, amount: number): void {
  spent[what] += amount;
  if (spent[what] > most[what]) throw new Error(messages[what]);
}

/** To be called before each step: counts anew. Gives how much has been spent since the last time, as a share of what one step may take. */
export function startCounting(): number {
  const share = Math.max(spent.items / most.items, spent.characters / most.characters, spent.rendered / most.rendered);
  if (share > 0) spent = { ...nothing };
  return share;
}
