/**
 * Text of others, as a terminal may have it: characters that no one sees are written as escapes, for they could colour, hide or reorder what
 * stands around them. Names of roles and users may hold any.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`);
}
