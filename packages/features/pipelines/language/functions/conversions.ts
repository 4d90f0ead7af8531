import { create } from "@bufbuild/protobuf";
import { DurationSchema, type Duration, type Timestamp } from "@bufbuild/protobuf/wkt";
import { CelScalar, celFunc, celUint, objectType, type CelUint } from "@bufbuild/cel";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { formatShortest, parseFloat64 } from "./go-float.ts";

const { BOOL, DOUBLE, INT, STRING, UINT } = CelScalar;
const DURATION = objectType(DurationSchema);
const most = 2n ** 63n;
const second = 1_000_000_000n;

/** Conversions of and to numbers and durations, as cel-go has them; texts are read strictly. */
export const conversions = [
  celFunc("int", [STRING], INT, toInt),
  celFunc("int", [DURATION], INT, (duration) => nanosOf(duration as ReflectMessage)),
  celFunc("uint", [STRING], UINT, toUint),
  celFunc("double", [STRING], DOUBLE, parseFloat64),
  celFunc("bool", [STRING], BOOL, toBool),
  celFunc("string", [DOUBLE], STRING, formatShortest),
  celFunc("string", [DURATION], STRING, (duration) => durationText(duration as ReflectMessage)),
  celFunc("duration", [STRING], DURATION, toDuration),
  celFunc("duration", [INT], DURATION, (value) => {
    throw new Error(`a number alone is no duration: write its unit, as in duration("${value}s")`);
  }),
];

function toBool(text: string): boolean {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(?:0|f|F|false|FALSE|False)$/.test(text)) return false;
  throw new Error(`"${text.slice(0, 40)}" is neither true nor false: compare it, as in x == "${text.slice(0, 40)}"`);
}

function toInt(text: string): bigint {
  if (!/^[-+]?\d{1,40}$/.test(text)) throw new Error(`"${text.slice(0, 40)}" is not a whole number`);
  const value = BigInt(text.replace("+", ""));
  if (value >= most || value < -most) throw new Error(`"${text}" is beyond what an int can hold`);
  return value;
}

function toUint(text: string): CelUint {
  if (!/^\d{1,40}$/.test(text)) throw new Error(`"${text.slice(0, 40)}" is not a whole number without a sign`);
  const value = BigInt(text);
  if (value >= 2n * most) throw new Error(`"${text}" is beyond what a uint can hold`);
  return celUint(value);
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3_600n * second,
};
const part = /(?:(\d+)\.?(\d*)|\.(\d+))(ns|us|µs|μs|ms|s|m|h)/gy;

/** As Go's time.ParseDuration reads it: `1h30m`, `-1.5s`, `0`. */
function toDuration(text: string): Duration {
  const refused = new Error(
    `"${text.slice(0, 40)}" is not a duration: write numbers with units (h, m, s, ms, us, ns), as in 1h30m or 1.5s`,
  );
  const [sign = ""] = /^[-+]/.exec(text) ?? [];
  const rest = text.slice(sign.length);
  let nanos = 0n;
  let end = 0;
  if (rest !== "0") {
    for (const [found, whole = "0", fraction = "", bare = "", unit = ""] of rest.matchAll(part)) {
      const behind = fraction || bare;
      const factor = units[unit] ?? 0n;
      nanos += BigInt(whole) * factor + (BigInt(behind || "0") * factor) / 10n ** BigInt(behind.length);
      end += found.length;
    }
    if (end === 0 || end < rest.length || nanos >= most) throw refused;
  }
  return durationOf(sign === "-" ? -nanos : nanos);
}

/** Of nanoseconds. */
export function durationOf(nanos: bigint): Duration {
  return create(DurationSchema, { seconds: nanos / second, nanos: Number(nanos % second) });
}

/** Nanoseconds of a duration, or of a time since 1970. */
export function nanosOf({ message }: ReflectMessage): bigint {
  const { seconds, nanos } = message as Duration | Timestamp;
  return seconds * second + BigInt(nanos);
}

/** Seconds, as in `1.5s`. */
export function durationText(duration: ReflectMessage): string {
  const nanos = nanosOf(duration);
  const [sign, size] = nanos < 0n ? ["-", -nanos] : ["", nanos];
  return `${sign}${size / second}${fractionText(size % second)}s`;
}

/** Nanoseconds as the part behind a point, with the point; nothing of none. */
export function fractionText(nanos: bigint | number): string {
  const digits = nanos.toString().padStart(9, "0").replace(/0+$/, "");
  return digits === "" ? "" : `.${digits}`;
}
