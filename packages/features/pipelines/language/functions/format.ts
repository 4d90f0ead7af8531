import { CelScalar, celMethod, isCelList, isCelMap, isCelType, isCelUint, listType, type CelList, type CelValue } from "@bufbuild/cel";
import { isReflectMessage } from "@bufbuild/protobuf/reflect";
import { DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { spend } from "../metered.ts";
import { durationText } from "./conversions.ts";
import { formatExponent, formatFixed, formatPlain } from "./go-float.ts";
import { isOptional } from "./optionals.ts";
import { compareTexts } from "./texts.ts";
import { timestampText } from "./times.ts";

const { DYN, STRING } = CelScalar;
const placeholder = /%(?:%|(?:\.(\d{1,4}))?(.?))/gs;

/** `"%.2f of %s".format([x, y])`, as cel-go's strings extension has it. */
export const formats = [
  celMethod("format", STRING, [listType(DYN)], STRING, function (values) {
    return format(this, values);
  }),
];

function format(text: string, values: CelList): string {
  let used = 0;
  return text.replaceAll(placeholder, (whole: string, precision: string | undefined, verb: string | undefined) => {
    if (whole === "%%") return "%";
    const digits = precision === undefined ? 6 : Number(precision);
    if (digits > 1000) throw new Error(`format: ${whole} asks for more than 1000 digits`);
    if (used >= values.size) throw new Error(`format: there is no value for ${whole}: the list has ${values.size}`);
    const value = values.get(used) ?? null;
    used += 1;
    const part = clause(verb ?? "", value, digits);
    spend("characters", part.length);
    return part;
  });
}

function clause(verb: string, value: CelValue, digits: number): string {
  const whole = isCelUint(value) ? value.value : value;
  switch (verb) {
    case "s":
      return textOf(value);
    case "d":
      if (typeof whole === "bigint") return String(whole);
      if (typeof whole === "number") return textOf(whole);
      break;
    case "f":
      if (typeof whole === "number") return formatFixed(whole, digits);
      if (typeof whole === "bigint") return formatFixed(Number(whole), digits);
      break;
    case "e":
      if (typeof whole === "number") return formatExponent(whole, digits);
      if (typeof whole === "bigint") return formatExponent(Number(whole), digits);
      break;
    case "b":
      if (typeof whole === "bigint") return whole.toString(2);
      if (typeof whole === "boolean") return whole ? "1" : "0";
      break;
    case "o":
      if (typeof whole === "bigint") return whole.toString(8);
      break;
    case "x":
    case "X": {
      const text =
        typeof whole === "bigint"
          ? whole.toString(16)
          : typeof whole === "string" || whole instanceof Uint8Array
            ? Buffer.from(whole as string).toString("hex")
            : undefined;
      if (text !== undefined) return verb === "X" ? text.toUpperCase() : text;
      break;
    }
    default:
      throw new Error(`format: there is no %${verb}: the clauses are %s, %d, %f, %e, %b, %o, %x, %X and %%`);
  }
  throw new Error(`format: %${verb} doesn't take ${textOf(value)}`);
}

function textOf(value: CelValue): string {
  if (typeof value === "number") return formatPlain(value);
  if (typeof value === "object" && value !== null) {
    if (isCelUint(value)) return String(value.value);
    if (isCelType(value)) return value.name;
    if (value instanceof Uint8Array) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
    if (isReflectMessage(value, TimestampSchema)) return timestampText(value);
    if (isReflectMessage(value, DurationSchema)) return durationText(value);
    if (isCelList(value)) return `[${Array.from(value, textOf).join(", ")}]`;
    if (isCelMap(value)) {
      if (isOptional(value)) throw new Error("format: %s doesn't take what is optional: say by orValue what to take where it isn't there");
      const entries = [...value].map(([key, entry]) => [textOf(key), textOf(entry)] as const);
      return `{${entries
        .toSorted(([a], [b]) => compareTexts(a, b))
        .map(([key, entry]) => `${key}: ${entry}`)
        .join(", ")}}`;
    }
  }
  return String(value);
}
