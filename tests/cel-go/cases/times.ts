import { called } from "./crossed.ts";

const durations =
  "|0|0s|90s|1.5s|-90m|1h0.000000001s|1h30m|1x|-.5h|.5s|5.s|.s|1h1h|1us|1µs|1μs|1ns|0.5ns|1d|1 h| 1s|1S|+5s|--5s|1|315576000000s|315576000001s|9223372036s|9223372037s|-9223372036.9s|1e3s|00001s|1m-30s".split(
    "|",
  );

const timestamps = [
  ..."2026-01-02T03:04:05Z 2026-01-02T03:04:05.120Z 2026-01-02T03:04:05.123456789Z 2026-01-02T03:04:05.1234567891Z 2026-01-02T03:04:05.000Z 2024-01-01T00:00:00+02:00 2024-01-01T00:00:00-05:30 2024-01-01T00:00:00+00:00 2024-01-01T00:00:00-00:00 2024-01-01T00:00:00.5+14:00 2026-02-30T00:00:00Z 2026-02-29T00:00:00Z 2024-02-29T00:00:00Z 2026-04-31T00:00:00Z 2026-01-01T24:00:00Z 2026-01-01T23:59:60Z 2026-13-01T00:00:00Z 2026-00-01T00:00:00Z 2026-01-00T00:00:00Z 0001-01-01T00:00:00Z 0000-12-31T23:59:59Z 9999-12-31T23:59:59.999999999Z 10000-01-01T00:00:00Z 2026-01-02 2026-01-02T03:04Z 2026-01-02T03:04:05 2026-01-02t03:04:05z 2026-01-02T3:04:05Z 2026-1-02T03:04:05Z 2026-01-02T03:04:05+0200 2026-01-02T03:04:05+2:00 2026-01-02T03:04:05+24:00 2026-01-02T03:04:05+02:60 2026-01-02T03:04:05,5Z 2026-01-02T03:04:05.Z -2026-01-02T03:04:05Z 9999-12-31T23:59:59-05:00 0001-01-01T00:00:00+05:00".split(
    " ",
  ),
  "",
  "x",
  "2026-01-02 03:04:05Z",
  " 2026-01-02T03:04:05Z",
];

const zones =
  "|UTC|+02:00|-02:00|+5:30|5:30|05:30|+0530|-00:30|+23:59|+24:00|+02:60|Europe/Berlin|europe/berlin|America/New_York|Asia/Kolkata|Asia/Kathmandu|Australia/Lord_Howe|Mars/Olympus|EST|Z|GMT".split(
    "|",
  );

const fields = "getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes getSeconds getMilliseconds".split(
  " ",
);

export const times: readonly string[] = [
  ...durations.map((text) => `string(duration("${text}"))`),
  ...["getHours", "getMinutes", "getSeconds", "getMilliseconds"].flatMap((field) =>
    ["1.5s", "1h30m", "-90m", "0s", "25h0.001s"].map((text) => `duration("${text}").${field}()`),
  ),
  ...timestamps.map((text) => `string(timestamp("${text}"))`),
  ...zones.map((zone) => `timestamp("2026-07-01T02:30:00Z").getHours("${zone}")`),
  ...called(
    ['timestamp("2024-12-31T23:59:58.765Z")', 'timestamp("2024-12-31T23:59:58.765+02:00")'],
    fields.flatMap((field) => [`${field}()`, `${field}("Asia/Tokyo")`, `${field}("-11:00")`]),
  ),
  ...["0", "-1", "1774751400", "253402300799", "253402300800", "-62135596800", "-62135596801"].map(
    (seconds) => `string(timestamp(${seconds}))`,
  ),
  'int(timestamp("2026-03-29T02:30:00Z"))',
  'int(timestamp("2026-03-29T02:30:00.999Z"))',
  'int(timestamp("1969-12-31T23:59:59.5Z"))',
  'int(duration("90s"))',
  'int(duration("1.5s"))',
  'duration("0") == duration("0s")',
  'duration("60s") == duration("1m")',
  'duration("-.5h") == duration("-30m")',
  'timestamp("2024-01-01T00:00:00+02:00") == timestamp("2023-12-31T22:00:00Z")',
  'timestamp("2026-01-01T00:00:00Z") - timestamp("2025-12-31T00:00:00Z") == duration("24h")',
  ...[
    'timestamp("2026-01-01T00:00:00Z") + duration("1h")',
    'timestamp("2026-01-01T00:00:00+02:00") + duration("1h")',
    'timestamp("2026-01-01T00:00:00+02:00") - duration("1h")',
    'timestamp("2026-01-01T00:00:00Z") - duration("0.5s")',
    'duration("1h") + timestamp("2026-01-01T00:00:00+02:00")',
    'duration("1h") + duration("30m")',
    'duration("1h") - duration("90m")',
    '-duration("1h")',
    'duration("1h") * 2',
    'timestamp("9999-12-31T23:59:59Z") + duration("1s")',
    'timestamp("0001-01-01T00:00:00Z") - duration("1s")',
    'duration("9223372036s") + duration("9223372036s")',
    'timestamp("9999-12-31T23:59:59Z") - timestamp("0001-01-01T00:00:00Z")',
    'timestamp(timestamp("2024-01-01T00:00:00+02:00"))',
    'duration(duration("1h"))',
    "timestamp(1.5)",
    "duration(90)",
  ].map((sum) => `string(${sum})`),
  ...["<", "<=", ">", ">=", "==", "!="].flatMap((operator) => [
    `timestamp("2026-01-01T00:00:00Z") ${operator} timestamp("2026-01-01T01:00:00+01:00")`,
    `duration("1h") ${operator} duration("61m")`,
    `duration("1h") ${operator} 1`,
  ]),
];
