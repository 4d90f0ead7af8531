import { crossed } from "./crossed.ts";

const texts = [
  ..."|42|-7|+7| 42 |42\\n|0x1F|0b11|0o17|1_000|007|-0|--1|1.0|1.5|1,5|-|.|.5|5.|1e3|1E3|1e|1e400|-1e400|1e-400|inf|-Inf|+infinity|NaN|nan|infin|0x1p4|0x10|0x.8p1|1__0|_1|1_|true|false|a".split(
    "|",
  ),
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775808",
  "-9223372036854775809",
  "18446744073709551615",
  "18446744073709551616",
  "٣",
].map((text) => `"${text}"`);

const numbers = [
  ..."0 1 -1 42 9223372036854775807 -9223372036854775808 0u 1u 18446744073709551615u 9223372036854775808u 0.0 -0.0 1.5 -1.5 1.999 -1.999 1e19 1e20 -1e19 9.2e18 9223372036854775807.0 -9223372036854775808.0 1e-7 1.0/0.0 -1.0/0.0 0.0/0.0".split(
    " ",
  ),
];

const others = [
  "true",
  "null",
  "[1]",
  '{"a": 1}',
  'b"ab"',
  'duration("90s")',
  'duration("1.5s")',
  'timestamp("2026-01-02T03:04:05.6Z")',
  "int",
  "[]",
  "{}",
];

const booleans = "1 t T true TRUE True 0 f F false FALSE False tRUE yes no on y n|Y".split(/[ |]/);

/** What text, numbers and others become by the functions that are called as their types are. */
export const conversions: readonly string[] = [
  ...crossed(["int", "double"], texts),
  ...crossed(["uint"], texts.slice(0, 16)),
  ...crossed(["int", "uint", "double", "string", "bool"], numbers),
  ...crossed(["int", "uint", "double", "string", "bool", "duration"], others.slice(0, 5)),
  ...crossed(["int", "uint", "double", "string", "bool"], others.slice(5)),
  ...crossed(["bool"], ['""', '" true"', ...booleans.map((text) => `"${text}"`)]),
  ...crossed(["type"], [...others, ...numbers.slice(0, 3), '"a"', "1.5", "1u", "optional.none()"]).map((type) => `string(${type})`),
  ...["int", "uint", "double", "string", "bool", "bytes", "list", "map", "null_type", "type"].map((type) => `type(${type}) == type`),
  ...["1", "1u", "1.0", '"1"', "true", "null", "[]", "{}", 'b""', "int"].flatMap((value) =>
    ["int", "uint", "double", "string", "bool", "null_type", "list", "map", "bytes", "type"].map((type) => `type(${value}) == ${type}`),
  ),
  'string(bytes("héé"))',
  'bytes("é") == b"\\303\\251"',
  'bytes("é").size()',
  'string(b"\\xff")',
  'string(bytes(""))',
  'bytes(b"a") == b"a"',
  "bytes(1)",
  'b"a" + b"b" == b"ab"',
  'b"a" < b"b"',
  'string("a")',
  "string(dyn(1))",
  ..."1e6 1e15 1e-5 1e-7 0.1 123456.0 1234567.0 100000.0 999999.0 0.0001 0.00001 1e21 1e22 -0.0 1.7976931348623157e308 5e-324 0.1+0.2 1.0/3.0 2.5 1e100"
    .split(" ")
    .map((number) => `string(${number})`),
  ...numbers.map((number) => `${number}`).filter((number) => !number.includes("/")),
];
