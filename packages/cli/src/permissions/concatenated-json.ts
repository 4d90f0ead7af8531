/**
 * The JSON texts that stand one after the other in a text, as `kubectl get -o json` twice or `jq` print them, as documents of YAML on
 * the same lines; undefined for what isn't two or more objects or lists.
 */
export function separated(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  let [depth, inText, ends, start] = [0, false, 0, 0];
  const parts: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inText) {
      if (character === "\\") at++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") {
      depth--;
      if (depth > 0) continue;
      parts.push(text.slice(start, at + 1));
      start = at + 1;
      ends++;
    }
  }
  if (ends < 2 || text.slice(start).trim() !== "") return undefined;
  return parts.every(isJson) ? parts.join("\n---\n") : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
