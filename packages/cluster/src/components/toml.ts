/** A text as a TOML string: JSON's, but that TOML wants DEL escaped too. */
export const tomlString = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f");
