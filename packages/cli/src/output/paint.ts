import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours text where the stream is a terminal that wants colours (`NO_COLOR`, `FORCE_COLOR` and `TERM` are obeyed). */
export type Paint = (style: Style, text: string) => string;

/** The paint of one output stream. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream, validateStream: true });
}

/** No colours at all. */
export const plain: Paint = (_style, text) => text;
