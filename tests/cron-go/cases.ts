/** A few days around changes of clocks; dates are local, in UTC's form. */
export interface Night {
  zone: string;
  day: string;
}

/** Nights on which clocks change, of every kind that there is: by an hour or half of one, in the night or at midnight, either way. */
export const nights: readonly Night[] = [
  { zone: "America/New_York", day: "2026-03-08" },
  { zone: "America/New_York", day: "2026-11-01" },
  { zone: "Europe/Berlin", day: "2026-03-29" },
  { zone: "Europe/Berlin", day: "2026-10-25" },
  { zone: "America/Sao_Paulo", day: "2018-11-04" },
  { zone: "America/Sao_Paulo", day: "2019-02-17" },
  { zone: "Australia/Lord_Howe", day: "2026-10-04" },
  { zone: "Australia/Lord_Howe", day: "2026-04-05" },
  { zone: "Africa/Cairo", day: "2026-04-24" },
  { zone: "Africa/Cairo", day: "2026-10-30" },
  { zone: "Asia/Beirut", day: "2026-03-29" },
  { zone: "Asia/Beirut", day: "2026-10-25" },
  { zone: "America/Santiago", day: "2026-09-06" },
  { zone: "America/Santiago", day: "2026-04-05" },
  { zone: "America/Havana", day: "2026-03-08" },
  { zone: "America/Havana", day: "2026-11-01" },
  { zone: "Atlantic/Azores", day: "2026-03-29" },
  { zone: "Atlantic/Azores", day: "2026-10-25" },
  { zone: "America/Nuuk", day: "2026-03-28" },
  { zone: "Pacific/Auckland", day: "2026-09-27" },
  { zone: "Pacific/Chatham", day: "2026-04-05" },
  { zone: "Africa/Casablanca", day: "2026-02-15" },
  { zone: "Asia/Kolkata", day: "2026-03-29" },
  { zone: "UTC", day: "2026-03-29" },
];

/** What is asked about each of these nights. */
export const expressions: readonly string[] = [
  "0 0 * * *",
  "30 0 * * *",
  "0 1 * * *",
  "30 1 * * *",
  "0 2 * * *",
  "15 2 * * *",
  "30 2 * * *",
  "0 3 * * *",
  "0 6 * * *",
  "0 12 * * *",
  "30 23 * * *",
  "@daily",
  "@hourly",
  "@weekly",
  "@monthly",
  "*/15 * * * *",
  "0 * * * *",
  "30 * * * *",
  "*/30 1-3 * * *",
  "0 */2 * * *",
  "0 12 * * 0",
  "0 12 * * 5",
  "0 12 * * 6",
  "0 2 * * 0",
  "0 12 29 3 *",
  "0 12 24 4 *",
  "0 0 13 * 5",
  "0 0 1 * */1",
  "0 0 *,1 * 1",
  "0 0 */2 * 1",
  "5/20 9-17/4 * JAN-DEC mon-fri",
  "0 0 ? * SUN-TUE",
];

/** Ordinary expressions, which are asked about over years in UTC. */
export const ordinary: readonly string[] = [
  "0 0 29 2 *",
  "0 0 31 * *",
  "0 0 1-7 * MON",
  "0 0 1,15 */3 *",
  "23 4 * feb,Aug 2",
  "0 0 30 2 *",
  "59 23 31 12 ?",
  "*/90 0 1 1 *",
  "1/10 0 1 1 *",
  "0 0 1 1/5 *",
  "0 0 2/2 1 *",
  "0 0 * * 1/2",
];
