import { parseDuration } from "@plimsoll/api";
import { bounds, parseField, type Field } from "./field.ts";
import { isZone } from "./zone.ts";

/** A cron expression of five fields, or one of the names for them. */
export interface Cron {
  source: string;
  /** Its own time zone, which it names before the fields, as in `CRON_TZ=Europe/Zurich 0 3 * * *`. */
  zone: string | undefined;
  minute: Field;
  hour: Field;
  day: Field;
  month: Field;
  weekday: Field;
}

/** `@every 90m`: in milliseconds. */
export interface Every {
  source: string;
  every: number;
}

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Reads an expression. Throws an Error that says what is wrong, and the way out. */
export function parseCron(text: string): Cron | Every {
  const source = text.trim();
  const { zone, rest } = zoneIn(source);
  const every = /^@every\s+(.*)$/i.exec(rest)?.[1];
  if (every !== undefined) return { source, every: everyOf(every) };
  if (/^@reboot$/i.test(rest))
    throw new Error("@reboot is for a machine's start, and a cluster has none: start a run by hand, or by a Job of your own");
  const fields = (macros[rest.toLowerCase()] ?? rest).split(/\s+/).filter(Boolean);
  if (rest.startsWith("@") && fields.length !== 5)
    throw new Error(`there is no ${fields[0]}: the names are ${Object.keys(macros).join(", ")}, and @every DURATION`);
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...more] = fields;
  if (fields.length < 5 || more.length > 0) throw new Error(countFault(fields.length));
  return {
    source,
    zone,
    minute: parseField(minute, bounds.minute),
    hour: parseField(hour, bounds.hour),
    day: parseField(day, bounds.day),
    month: parseField(month, bounds.month),
    weekday: parseField(weekday, bounds.weekday),
  };
}

function zoneIn(text: string): { zone: string | undefined; rest: string } {
  const [, zone, rest] = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/s.exec(text) ?? [];
  if (zone === undefined || rest === undefined) return { zone: undefined, rest: text };
  if (!isZone(zone)) throw new Error(`there is no time zone "${zone}": give a name of the IANA database, as Europe/Zurich`);
  return { zone, rest };
}

function everyOf(text: string): number {
  let milliseconds: number;
  try {
    milliseconds = parseDuration(text);
  } catch {
    throw new Error(`@every "${text}" is not a duration of hours, minutes and seconds: write it as in @every 1h30m`);
  }
  if (milliseconds < 1000) throw new Error(`@every ${text} is no time at all: give at least 1s`);
  return milliseconds;
}

function countFault(count: number): string {
  if (count > 5)
    return `has ${count} fields: give five (minute, hour, day of the month, month, day of the week); for seconds there is \`interval\`, and for a year \`start\` and \`end\``;
  return `has ${count} field${count === 1 ? "" : "s"}: give five (minute, hour, day of the month, month, day of the week), as in 0 3 * * *`;
}
