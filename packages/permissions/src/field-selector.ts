/**
 * The one name that a field selector asks for; empty when it asks for none.
 * Follows fields.ParseSelector (k8s.io/apimachinery pkg/fields): terms are sorted and the first counts, in a value a backslash escapes a comma, `=`
 * or itself, spaces count, and one bad term spoils the selector, for the server then drops the name and answers 400 later. A name that cannot be a
 * path segment is no name either.
 */
export function nameSelected(selector: string): string {
  const terms = split(selector).filter(Boolean).sort();
  let found: string | undefined;
  for (const term of terms) {
    const [, field, operator, escaped] = /^(.*?)(!=|==|=)(.*)$/s.exec(term) ?? [];
    const value = escaped === undefined ? undefined : unescape(escaped);
    if (value === undefined) return "";
    if (field === "metadata.name" && operator !== "!=") found ??= value;
  }
  const name = found ?? "";
  return name === "." || name === ".." || /[/%]/.test(name) ? "" : name;
}

function split(selector: string): string[] {
  return selector.match(/(?:[^,\\]|\\.|\\$)+/gs) ?? [];
}

/** Undefined when a character that must be escaped isn't, or one is that mustn't be. */
function unescape(value: string): string | undefined {
  return /^(?:[^\\,=]|\\[\\,=])*$/s.test(value) ? value.replace(/\\(.)/gs, "$1") : undefined;
}
