/** What other languages write, where an expression can't go on, and what CEL has instead. The text goes on from where it was refused. */
const behind: readonly [pattern: RegExp, hint: string][] = [
  [/^;/, "an expression is one value, without ;"],
  [/^,\s*$/, "it is no part of a list or a call"],
  [/^(?:\+\+|--)\s*$/, "CEL changes nothing: write x + 1"],
  [/^[^\w\s)\]}'"]{1,2}\s*$/, "what stands behind it is missing"],
  [/^and\b/i, "CEL writes && for and"],
  [/^or\b/i, "CEL writes || for or"],
  [/^(?:if|then)\b/, "CEL writes condition ? one : other"],
  [/^(?:return|yield|await)\b/, "an expression is its value, without a word before it"],
  [/^(?:let|var|const)\b/, "CEL has no variables: write the value where it is used"],
  [/^(?:for|while)\b/, "CEL goes through a list by list.map(x, value) and list.filter(x, condition)"],
  [/^loop\b/, "item is the item of forEach, and itemIndex its place"],
  [
    /^(?:function|import|package|namespace|void|break|continue|else|as)\b/,
    "an expression is one value: a step's script has room for a program",
  ],
  [/^is\s+not\b/i, "CEL writes != for is not"],
  [/^is\s+(?:string|int|double|bool|list|map|number)\b/i, "CEL writes type(x) == string"],
  [/^is\b/i, "CEL writes == for is"],
  [/^not\s+in\b/i, "CEL writes !(x in list) for not in"],
  [/^(?:contains|startswith|endswith|matches)\b/i, 'CEL writes text.contains("part"), and so startsWith, endsWith and matches'],
  [/^like\b/i, 'CEL writes text.matches("pattern") for like'],
  [/^(?:eq|ne|lt|le|gt|ge)\b/i, "CEL compares with ==, !=, <, <=, > and >="],
  [/^instanceof\b/, "CEL writes type(x) == string"],
  [/^\?\?/, "CEL has no ??: write x.?field.orValue(other), or has(x.field) ? x.field : other"],
  [/^\?\./, "CEL writes x.?field for x?.field"],
  [/^\?:/, "CEL has no ?:: write x.?field.orValue(other), or condition ? one : other"],
  [/^\?/, "a choice is written condition ? one : other"],
  [/^!==/, "CEL writes != for !=="],
  [/^===/, "CEL writes == for ==="],
  [/^=>/, "a macro has its variable before a comma, as in list.map(x, value)"],
  [/^=[^=~]/, "CEL compares with =="],
  [/^=?~/, 'CEL writes text.matches("pattern") for =~'],
  [/^[-+*/%]=/, "CEL changes nothing: write x + 1"],
  [/^<>|^>/, "CEL writes != for <>"],
  [/^<</, "CEL has no bits: write x * 2"],
  [/^\^/, "CEL has no powers and no bits: write x * x"],
  [/^&/, "CEL writes && for and"],
  [/^\|/, "CEL writes || for or, and calls a function for a filter, as in size(x)"],
  [/^\*\*|^\*/, "CEL has no powers: write x * x"],
  [/^\$/, "inside ${{ }} a name stands without $, as in params.name"],
  [/^`/, "CEL writes texts in single or double quotes"],
  [/^\{/, "inside ${{ }} a name stands without braces, as in params.name"],
  [/^#/, "CEL writes // before a comment"],
  [/^:[^:]*\]/, "a part is list.slice(from, to), and of a text text.substring(from, to)"],
  [/^\.\./, "CEL has no ranges: lists.range(n) gives 0 to n - 1"],
  [/^\.\d/, 'what begins with a digit stands in brackets, as in outputs["1"]'],
  [/^\[[^[\]]*$/, "a [ isn't closed"],
];
const before: readonly [pattern: RegExp, hint: string][] = [
  [/\bnot\s+$/i, "CEL writes ! for not"],
  [/\{\{[^{}]*\}?$/, "inside ${{ }}, and in if, a name stands without braces, as in params.name"],
  [/\bf$/, 'CEL puts texts together with +, as in "a" + string(x)'],
  [/\b(?:int|double|string|bool)\s*\)?\s+$/, "CEL converts by int(x), double(x), string(x) and bool(x)"],
  [/\btypeof\s+$/, "CEL writes type(x)"],
  [/\bnew\s+$/, 'CEL makes no objects: a map is written {"key": value}'],
];

/** What is to be written where an expression can't be read from an offset on; nothing where that isn't known. */
export function hintAt(text: string, offset: number): string {
  const rest = text.slice(offset);
  const first = text.slice(0, offset);
  const [, known] = before.find(([pattern]) => pattern.test(first)) ?? behind.find(([pattern]) => pattern.test(rest)) ?? [];
  const hint = known ?? (/["']\s*$/.test(first) && /^["'\w]/.test(rest) ? "CEL puts texts together with +" : undefined);
  return hint === undefined ? "" : `: ${hint}`;
}

/** The parser's words on an offset of a text, without all that could begin a value, and with the whole word that stands there. */
export function plainly(message: string, text: string, offset: number): string {
  const [word = ""] = /^\w+/.exec(text.slice(offset)) ?? [];
  if (/^reserved (?:identifier|keyword)$/.test(message)) return `"${word}" is a word that CEL keeps for itself`;
  return message
    .replace(/^found \w but/, `found ${word} but`)
    .replace(/expecting '!', '\(', .*identifier.*$/s, "expecting a value")
    .replace(/expecting '\(', .*identifier.*$/s, "expecting a value")
    .replace(/expecting comment, identifier.*$/s, "expecting a name")
    .replace(/, comment, or whitespace$/, "")
    .replace("expecting end of input", "expecting an operator or the end")
    .replace(/^found end of input/, "it ends");
}
