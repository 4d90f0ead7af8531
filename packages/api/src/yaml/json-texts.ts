/** One of several JSON texts that stand one after the other, with the place where it begins. */
interface JsonText {
  text: string;
  start: number;
}

/**
 * The JSON texts that stand one after the other in a text, as `kubectl get -o json` twice or `jq` print them, and kubectl reads them;
 * undefined for what isn't two or more objects or lists.
 */
export function jsonTexts(text: string): JsonText[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  let [depth, inText, start] = [0, false, 0];
  const parts: JsonText[] = [];
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
      parts.push({ text: text.slice(start, at + 1), start });
      start = at + 1;
    }
  }
  if (parts.length < 2 || text.slice(start).trim() !== "") return undefined;
  return parts.every(({ text }) => isJson(text)) ? parts : undefined;
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
