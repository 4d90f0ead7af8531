import { create } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { DurationSchema, TimestampSchema, type Timestamp } from "@bufbuild/protobuf/wkt";
import { CelScalar, celFunc, celMethod, objectType } from "@bufbuild/cel";
import { fractionText, nanosOf } from "./conversions.ts";

const { INT, STRING } = CelScalar;
const TIMESTAMP = objectType(TimestampSchema);
const second = 1_000_000_000n;
const DURATION = objectType(DurationSchema);
const earliest = -62_135_596_800n;
const latest = 253_402_300_799n;

/** What a time is in a zone, as CEL counts: months and days from 0 where the name says no otherwise. */
const fields: Readonly<Record<string, (local: Date) => number>> = {
  getFullYear: (local) => local.getUTCFullYear(),
  getMonth: (local) => local.getUTCMonth(),
  getDate: (local) => local.getUTCDate(),
  getDayOfMonth: (local) => local.getUTCDate() - 1,
  getDayOfWeek: (local) => local.getUTCDay(),
  getDayOfYear: (local) => Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000),
  getHours: (local) => local.getUTCHours(),
  getMinutes: (local) => local.getUTCMinutes(),
  getSeconds: (local) => local.getUTCSeconds(),
  getMilliseconds: (local) => local.getUTCMilliseconds(),
};

/** Minutes by which a time was written ahead of UTC, where it was: string() writes it so again. */
const offsets = new WeakMap<object, number>();

/** Timestamps and the parts of durations, as cel-go has them. */
export const times = [
  celFunc("timestamp", [STRING], TIMESTAMP, parseTimestamp),
  celFunc("timestamp", [INT], TIMESTAMP, (seconds) => timestampOf(seconds, 0)),
  celFunc("string", [TIMESTAMP], STRING, (time) => zonedText(time as ReflectMessage)),
  celFunc("_+_", [TIMESTAMP, DURATION], TIMESTAMP, (time, duration) => later(time as ReflectMessage, nanosOf(duration as ReflectMessage))),
  celFunc("_+_", [DURATION, TIMESTAMP], TIMESTAMP, (duration, time) => later(time as ReflectMessage, nanosOf(duration as ReflectMessage))),
  celFunc("_-_", [TIMESTAMP, DURATION], TIMESTAMP, (time, duration) => later(time as ReflectMessage, -nanosOf(duration as ReflectMessage))),
  celMethod("getMilliseconds", DURATION, [], INT, function () {
    return nanosOf(this as ReflectMessage) / 1_000_000n;
  }),
  ...Object.entries(fields).flatMap(([name, field]) => [
    celMethod(name, TIMESTAMP, [], INT, function () {
      return BigInt(field(localTime(this as ReflectMessage, "")));
    }),
    celMethod(name, TIMESTAMP, [STRING], INT, function (zone) {
      return BigInt(field(localTime(this as ReflectMessage, zone)));
    }),
  ]),
];

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;

function parseTimestamp(text: string): Timestamp {
  const found = rfc3339.exec(text);
  const refused = new Error(`"${text.slice(0, 40)}" is not a time: write it as in 2026-05-01T12:00:00Z`);
  if (found === null) throw refused;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const zone = found[8] ?? "Z";
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  // 30 February would be 2 March.
  const isDay = local.getUTCMonth() === month - 1 && local.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  const offset = zone === "Z" ? 0 : offsetOf(zone);
  if (!isDay || offset === undefined || Number(zone.slice(1, 3)) > 24 || Number(zone.slice(4)) > 60) throw refused;
  const nanos = Number((found[7] ?? "").slice(0, 9).padEnd(9, "0"));
  const time = timestampOf(BigInt(local.getTime() / 1000 - offset * 60), nanos);
  offsets.set(time, offset);
  return time;
}

function later({ message }: ReflectMessage, by: bigint): Timestamp {
  const { seconds, nanos } = message as Timestamp;
  const sum = seconds * second + BigInt(nanos) + by;
  const rest = ((sum % second) + second) % second;
  const time = timestampOf((sum - rest) / second, Number(rest));
  offsets.set(time, offsets.get(message) ?? 0);
  return time;
}

function timestampOf(seconds: bigint, nanos: number): Timestamp {
  if (seconds < earliest || seconds > latest) throw new Error("the time is before the year 1 or after the year 9999");
  return create(TimestampSchema, { seconds, nanos });
}

/** As it was written, without zeros at the end of the fraction. */
function zonedText({ message }: ReflectMessage): string {
  const { seconds, nanos } = message as Timestamp;
  const offset = offsets.get(message) ?? 0;
  const [sign, size] = offset < 0 ? ["-", -offset] : ["+", offset];
  const digits = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const zone = offset === 0 ? "Z" : `${sign}${digits(size / 60)}:${digits(size % 60)}`;
  return `${clockText(Number(seconds) + offset * 60)}${fractionText(nanos)}${zone}`;
}

/** In UTC, without zeros at the end of the fraction. */
export function timestampText({ message }: ReflectMessage): string {
  const { seconds, nanos } = message as Timestamp;
  return `${clockText(Number(seconds))}${fractionText(nanos)}Z`;
}

function clockText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.000Z$/, "");
}

/** A time whose fields in UTC are what the clocks of a zone show. */
function localTime({ message }: ReflectMessage, zone: string): Date {
  const { seconds, nanos } = message as Timestamp;
  const utc = Number(seconds) * 1000 + Math.floor(nanos / 1_000_000);
  if (zone === "" || zone === "UTC" || zone === "Local") return new Date(utc);
  const minutes = offsetOf(zone);
  return new Date(utc + (minutes === undefined ? zoneOffset(zone, utc) : minutes * 60_000));
}

/** Minutes; undefined for what is a zone's name. */
function offsetOf(zone: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-]?)(\d{1,2}):(\d{1,2})$/.exec(zone) ?? [];
  if (hours === undefined) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Milliseconds by which a zone's clocks are ahead of UTC at a time. */
function zoneOffset(zone: string, utc: number): number {
  // The names of files, in which cel-go looks zones up, are told apart by case.
  const isName = /^[A-Z]/.test(zone) && !/\/[a-z]/.test(zone);
  const refused = new Error(`there is no time zone "${zone}": write it as in Europe/Berlin, or as an offset, as in +02:00`);
  if (!isName) throw refused;
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    const name = format.formatToParts(utc).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours = "0", minutes = "0", seconds = "0"] = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? [];
    return (sign === "-" ? -1 : 1) * ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  } catch {
    throw refused;
  }
}
