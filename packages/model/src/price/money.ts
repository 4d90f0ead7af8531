/** Billionths of a currency's unit, whole: what is added up loses nothing. */
export type Money = number;

/** One unit of a currency. */
export const unit = 1_000_000_000;

/** Units of a currency as money. */
export function moneyOf(units: number): Money {
  return Math.round(units * unit);
}

/** A part of something that is shared out. */
export interface Part {
  /** Tells it from the others. */
  key: string;
  /** How large it is beside the others; not negative. */
  weight: number;
}

/**
 * Shares money out by weight. The parts add up to it exactly, none is negative, and each depends on the keys and weights alone, not on the
 * order in which they come: each part is what lies between two points of the whole, both rounded. Nothing for anybody without weights.
 */
export function apportion(money: Money, parts: readonly Part[]): Map<string, Money> {
  const sorted = parts.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  // Added up in the same order as below: the last point is the whole.
  const whole = sorted.reduce((all, { weight }) => all + weight, 0);
  const shares = new Map<string, Money>();
  let weights = 0;
  let before = 0;
  for (const { key, weight } of sorted) {
    weights += weight;
    const point = whole === 0 ? 0 : Math.round(money * (weights / whole));
    shares.set(key, point - before);
    before = point;
  }
  return shares;
}
