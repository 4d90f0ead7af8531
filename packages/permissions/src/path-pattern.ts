/** Whether every path of one pattern is of another; stars at the end, however many, stand for any rest, elsewhere each for itself. */
export function pathCovers(owner: string, path: string): boolean {
  return owner === path || (owner.endsWith("*") && path.startsWith(withoutStars(owner)));
}

export function withoutStars(pattern: string): string {
  return pattern.replace(/\*+$/, "");
}
