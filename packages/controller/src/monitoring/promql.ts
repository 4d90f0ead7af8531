/** Whatever isn't a metric's name, though no parenthesis follows. */
const keywords = new Set(["and", "or", "unless", "offset", "bool", "inf", "nan", "atan2", "start", "end"]);

/** What an expression of PromQL names: metrics, and labels in selectors and groupings. */
export function namedIn(expression: string): { metrics: Set<string>; labels: Set<string> } {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  const take = (pattern: RegExp, text: string, names: RegExp): string =>
    text.replaceAll(pattern, (_, list: string) => {
      for (const [name] of list.matchAll(names)) labels.add(name);
      return " ";
    });
  let rest = expression.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""').replaceAll(/#.*|\[[^\]]*\]/g, " ");
  rest = take(/\{([^}]*)\}/g, rest, /\w+(?=\s*[=!])/g);
  rest = take(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g, rest, /\w+/g);
  for (const [name] of rest.matchAll(/(?<![\w.])[a-zA-Z_:][\w:]*(?![\w:]*\s*\()/g))
    if (!keywords.has(name.toLowerCase())) metrics.add(name);
  return { metrics, labels };
}
