const operands = ["7", "-7", "0", "9223372036854775807", "-9223372036854775808", "2u", "18446744073709551615u", "7.5", "0.0", "1e308"];

const compared = ["1", "1.0", "1u", "-1", "1.5", "18446744073709551615u", "0.0/0.0", "1.0/0.0", '"1"', "true", "null"];

export const numbers: readonly string[] = [
  ...["+", "-", "*", "/", "%"].flatMap((operator) =>
    operands.flatMap((a) => ["2", "-1", "0", "3u", "0u", "2.0", "0.0"].map((b) => `string(${a} ${operator} ${b})`)),
  ),
  ...["==", "<", ">="].flatMap((operator) => compared.flatMap((a) => compared.map((b) => `${a} ${operator} ${b}`))),
  ..."9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 0x1F 0xfF 0x -0x10 0xFFFFFFFFFFFFFFFF 0xFFFFFFFFFFFFFFFFu 0x7FFFFFFFFFFFFFFF 18446744073709551615u 18446744073709551616u 1U 007 010 1. .5 1.5e3 1e3 1e+3 1E-3 1e400 1_000 5u -5u --5 -(-5) +5 0b1 1f 1.5u !true !!true -true -1.5 -(1u) 1e-400".split(
    " ",
  ),
  "7 / 2 + -7 % 3",
  "1 + 2 * 3 - 4 / 2 % 3",
  "(1 + 2) * 3",
  "1 < 2 == true",
  "1 < 2 < 3",
  "int(1e19)",
  "-9223372036854775808 % -1",
  "-(-9223372036854775807 - 1)",
  "a",
  "params",
  "params.nope",
  "params['nope']",
  "1 +",
  "1 2",
  "(1",
  "1)",
  "nope(1)",
  "params.m.nope()",
  "true",
  "null",
  "int",
];
