const domainPart = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const path = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const digest = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const reference = new RegExp(`^((?:${domain}/)?${path}(?:/${path})*)(?::([\\w][\\w.-]{0,127}))?(?:@(${digest}))?$`);

/** What keeps a text from being an image's name, as container runtimes read it (distribution/reference), as in `"a b" has a blank …`; undefined: nothing. */
export function imageFault(text: string): string | undefined {
  const fault = faultOf(text);
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
  if (hash !== undefined && hash.startsWith("sha256:") && hash.length !== 71)
    return "has a sha256 that isn't 64 digits long: copy it whole";
  return undefined;
}
