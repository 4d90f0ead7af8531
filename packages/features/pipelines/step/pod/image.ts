const domainPart = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const path = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const digest = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const reference = new RegExp(`^((?:${domain}/)?${path}(?:/${path})*)(?::([\\w][\\w.-]{0,127}))?(?:@(${digest}))?$`);

/** What keeps a text from being an image's name, as container runtimes read it (distribution/reference), as in `"a b" has a blank …`; undefined: nothing. */
export function imageFault(text: string): string | undefined {
  return toldOf(text, faultOf(text));
}

function toldOf(text: string, fault: string | undefined): string | undefined {
  return fault && `${JSON.stringify(text.slice(0, 70))} ${fault}`;
}

function faultOf(text: string): string | undefined {
  if (/\$\w|\$[{(]|\{\{/.test(text))
    return "holds what nothing fills in here: write a parameter into it by an expression, as in ${{ params.image }}";
  const [scheme] = /^[a-z]+:\/\//.exec(text) ?? [];
  if (scheme !== undefined) return `begins with ${scheme}, as no image's name does: take that out`;
  if (/\s/.test(text)) return "has a blank in it: take it out";
  const [, name = "", , hash] = reference.exec(text) ?? [];
  if (name === "")
    return /[A-Z]/.test(text.replace(/[:@].*$/, "").replace(/^[^/]*[.:][^/]*\//, ""))
      ? "has capitals in its path: write them small"
      : "is no image's name: write it as in registry.example.com/team/image:tag";
  if (/^[a-f0-9]{64}$/.test(text)) return "is 64 hexadecimal digits, which runtimes take for an image's ID: give it a tag or a registry";
  if (name.length > 255) return `has ${name.length} characters before its tag: must have at most 255`;
  return hash === undefined ? undefined : digestFault(hash);
}

/** How many digits a digest has, by its algorithm: these are known to runtimes (opencontainers/go-digest). */
const digits: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

function digestFault(text: string): string | undefined {
  const [algorithm = "", hash = ""] = text.split(":");
  const length = Object.hasOwn(digits, algorithm) ? digits[algorithm] : undefined;
  if (length === undefined) return "has a digest that isn't of sha256, sha384 or sha512: give one of these";
  if (hash.length !== length) return `has a ${algorithm} that isn't ${length} digits long: copy it whole`;
  return /[A-F]/.test(hash) ? `has capitals in its ${algorithm}: write them small` : undefined;
}

/** What expressions in an image's name may give, for one. */
const parts = ["x", "1", "", ".x", ":1/x", "x/", `sha256:${"a".repeat(64)}`, "a".repeat(64), `@sha256:${"a".repeat(64)}`, ":x", "x/x"];

/** More of them than that may give too much to try. */
const mostExpressions = 2;

/** The same of a text in which `${{ }}` stands: undefined, too, where the expressions may give what makes a name of it. */
export function templateFault(text: string): string | undefined {
  const [first = "", ...more] = text.split(/\$\{\{.*?\}\}/s);
  if (more.length === 0) return imageFault(text);
  if ([first, ...more].some((part) => /\s/.test(part))) return toldOf(text, faultOf(" "));
  if (more.length > mostExpressions) return undefined;
  const made = more.reduce((texts, part) => texts.flatMap((text) => parts.map((given) => text + given + part)), [first]);
  const faults = made.map(faultOf);
  return faults.includes(undefined) ? undefined : toldOf(text, faults[0]);
}
