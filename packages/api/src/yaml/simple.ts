import {
  constructFromEvents,
  CORE_SCHEMA,
  EVENT_ALIAS,
  EVENT_DOCUMENT,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  EVENT_SEQUENCE,
  getScalarValue,
  mapTag,
  parseEvents,
  SCALAR_STYLE_DOUBLE_QUOTED,
  SCALAR_STYLE_FOLDED_BLOCK,
  SCALAR_STYLE_LITERAL_BLOCK,
  SCALAR_STYLE_PLAIN,
} from "js-yaml";
import { checkExpanded } from "./expanded.ts";
import type { Part, ReadDocument } from "./outline.ts";

type Event = ReturnType<typeof parseEvents>[number];
type ScalarEvent = Extract<Event, { type: typeof EVENT_SCALAR }>;

/** Keys that aren't texts make texts that differ from one library to another. */
const schema = CORE_SCHEMA.withTags({
  ...mapTag,
  addPair: (carrier, key, value) => (typeof key === "string" ? mapTag.addPair(carrier, key, value) : "the key is not a text"),
});

/**
 * Where libraries differ: a tab in an indentation, indented dashes that look like the start of a document, a byte order mark, a
 * carriage return by itself, an item that is left out, which has no place in the short way.
 */
const differs = /^(?: *\t| +---)|\ufeff|\r(?!\n)|^ *(?:[-?:] +)*-[ \t]*(?:#.*)?\r?$/m;

/** To some infinity, which no JSON has, to others a text. */
const tooGreat = /^[-+]?(?:[.\d]+e\+?\d{3,}|\.(?:inf|nan))$/i;

/** YAML 1.2.2, 7.4: the most characters of a key, if its value is in the same line. */
const longestKey = 1024;

/**
 * Reads a text that is YAML, or JSON, without tags, directives and merge keys, as nearly all are: in a fourth of the time that `readAny` takes. Gives undefined for any other, or one with a mistake.
 */
export function readSimple(text: string): ReadDocument[] | undefined {
  if (differs.test(text)) return undefined;
  try {
    const events = parseEvents(text, {});
    if (!events.every((event) => isSimple(event, text))) return undefined;
    const values = constructFromEvents(events, { source: text, schema });
    if (events.some(({ type }) => type === EVENT_ALIAS)) values.forEach(checkExpanded);
    const starts = events.flatMap(({ type }, index) => (type === EVENT_DOCUMENT ? [index] : []));
    return starts.map((start, index) => ({ value: values[index], outline: () => new Outliner(text, events, start + 1).part(0) }));
  } catch {
    return undefined;
  }
}

function isSimple(event: Event, text: string): boolean {
  if (event.type === EVENT_POP) return true;
  if (event.type === EVENT_DOCUMENT) return event.directives.length === 0;
  if (event.type === EVENT_ALIAS) return true;
  if (event.tagStart >= 0) return false;
  if (event.type !== EVENT_SCALAR) return true;
  const { valueStart: start, valueEnd: end, style } = event;
  const plain = style === SCALAR_STYLE_PLAIN ? text.slice(start, end) : "";
  if (plain === "<<" || tooGreat.test(plain)) return false;
  return end - start < longestKey - 2 || !/^["']?\s*:/.test(text.slice(end, end + 9));
}

class Outliner {
  readonly #text: string;
  readonly #events: readonly Event[];
  #next: number;

  constructor(text: string, events: readonly Event[], first: number) {
    this.#text = text;
    this.#events = events;
    this.#next = first;
  }

  /** The part that begins with the next event; where it has no place, as what is left out, that of what it belongs to. */
  part(place: number): Part {
    const event = this.#events[this.#next++];
    if (event?.type === EVENT_SCALAR) return this.#scalar(event, place);
    // It ends there: what it stands for has its place elsewhere.
    if (event?.type === EVENT_ALIAS) return { is: "scalar", offset: event.anchorStart, key: "" };
    if (event?.type === EVENT_SEQUENCE) {
      const items: Part[] = [];
      while (this.#goesOn()) items.push(this.part(event.start));
      return { is: "list", offset: event.start, items };
    }
    const entries: { key: Part; value: Part }[] = [];
    const offset = event?.type === EVENT_MAPPING ? event.start : place;
    while (this.#goesOn()) {
      const key = this.part(offset);
      entries.push({ key, value: this.part(key.offset) });
    }
    return { is: "map", offset, entries };
  }

  /** Whether a list or a map has another part; its end is passed. */
  #goesOn(): boolean {
    const goesOn = this.#events[this.#next]?.type !== EVENT_POP;
    if (!goesOn) this.#next += 1;
    return goesOn;
  }

  #scalar(event: ScalarEvent, place: number): Part {
    const { valueStart: start, style } = event;
    const value = getScalarValue(this.#text, event);
    if (start < 0) return { is: "scalar", offset: place, key: value };
    // A block's first line is the one above its text.
    const isBlock = style === SCALAR_STYLE_LITERAL_BLOCK || style === SCALAR_STYLE_FOLDED_BLOCK;
    const scalar = { is: "scalar", offset: isBlock ? start - 1 : start, key: value } as const;
    if (style === SCALAR_STYLE_DOUBLE_QUOTED) return { ...scalar, escaped: this.#text.slice(start, event.valueEnd) };
    if (style === SCALAR_STYLE_LITERAL_BLOCK) return { ...scalar, lines: start };
    return style === SCALAR_STYLE_PLAIN ? { ...scalar, plain: value } : scalar;
  }
}
