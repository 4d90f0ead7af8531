/** What other languages write, where an expression can't go on, and what CEL has instead. The text goes on from where it was refused. */
const behind: readonly [pattern: RegExp, hint: string][] = [
  [/^and\b/i, "CEL writes && for and"],
  [/^or\b/i, "CEL writes || for or"],
  [/^if\b/, "CEL writes condition ? one : other"],
  [/^is\s+not\b/i, "CEL writes != for is not"],
  [/^is\b/i, "CEL writes == for is"],
  [/^not\s+in\b/i, "CEL writes !(x in list) for not in"],
  [/^(?:contains|startswith|endswith|matches)\b/i, 'CEL writes text.contains("part"), and so startsWith, endsWith and matches'],
  [/^\?\?/, "CEL has no ??: write x.?field.orValue(other), or has(x.field) ? x.field : other"],
  [/^\?\./, "CEL writes x.?field for x?.field"],
  [/^\?:/, "CEL has no ?:: write x.?field.orValue(other), or condition ? one : other"],
  [/^!==/, "CEL writes != for !=="],
  [/^===/, "CEL writes == for ==="],
  [/^=[^=~]/, "CEL compares with =="],
  [/^=~/, 'CEL writes text.matches("pattern") for =~'],
  [/^<>|^>/, "CEL writes != for <>"],
  [/^&/, "CEL writes && for and"],
  [/^\|/, "CEL writes || for or, and calls a function for a filter, as in size(x)"],
  [/^\*\*|^\*/, "CEL has no powers: write x * x"],
  [/^;/, "an expression is one value, without ;"],
  [/^\$/, "inside ${{ }} a name stands without $, as in params.name"],
  [/^`/, "CEL writes texts in single or double quotes"],
  [/^\{/, "inside ${{ }} a name stands without braces, as in params.name"],
  [/^#/, "CEL writes // before a comment"],
];
const before: readonly [pattern: RegExp, hint: string][] = [
  [/\bnot\s+$/i, "CEL writes ! for not"],
  [/\{\{[^{}]*\}?$/, "inside ${{ }}, and in if, a name stands without braces, as in params.name"],
];

/** What is to be written where an expression can't be read from an offset on; nothing where that isn't known. */
export function hintAt(text: string, offset: number): string {
  const rest = text.slice(offset);
  const [, hint] = before.find(([pattern]) => pattern.test(text.slice(0, offset))) ?? behind.find(([pattern]) => pattern.test(rest)) ?? [];
  return hint === undefined ? "" : `: ${hint}`;
}

/** The parser's words, without all that could begin a value. */
export function plainly(message: string): string {
  return message
    .replace(/expecting '!', '\(', .*identifier.*$/s, "expecting a value")
    .replace(/expecting '\(', .*identifier.*$/s, "expecting a value")
    .replace("expecting end of input", "expecting an operator or the end")
    .replace(/^found end of input/, "it ends");
}
