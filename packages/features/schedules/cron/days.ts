import type { Cron } from "./expression.ts";
import type { Special } from "./field.ts";

/** A day of the calendar; `month` is from 1, `weekday` from 0 for Sunday. */
export interface CalendarDay {
  year: number;
  month: number;
  day: number;
  weekday: number;
}

const milliseconds = 86_400_000;

/** A day by its number since 1 January 1970. */
export function calendarDay(number: number): CalendarDay {
  const date = new Date(number * milliseconds);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay() };
}

/** The number of a month's first day since 1 January 1970; `month` may be beyond 12, or before 1. */
export function firstOf(year: number, month: number): number {
  return Date.UTC(year, month - 1, 1) / milliseconds;
}

/**
 * Whether an expression has a day. As in every cron, one that restricts both the day of the month and that of the week has the days of
 * either; a star, also one with a step of 1, doesn't restrict.
 */
export function hasDay({ day, month, weekday }: Pick<Cron, "day" | "month" | "weekday">, of: CalendarDay): boolean {
  if (!month.values.has(of.month)) return false;
  const byDay = day.values.has(of.day) || day.special.some((special) => isSpecial(special, of));
  const byWeekday = weekday.values.has(of.weekday) || weekday.special.some((special) => isSpecial(special, of));
  return day.isStar || weekday.isStar ? byDay && byWeekday : byDay || byWeekday;
}

function isSpecial(special: Special, { year, month, day, weekday }: CalendarDay): boolean {
  const last = daysIn(year, month);
  switch (special.kind) {
    case "last":
      return day === last - special.before;
    case "nearest":
      return special.day === undefined || special.day <= last ? day === nearestWeekday(year, month, special.day ?? last, last) : false;
    case "nth":
      return weekday === special.weekday && Math.ceil(day / 7) === special.nth;
    case "lastWeekday":
      return weekday === special.weekday && day > last - 7;
  }
}

function daysIn(year: number, month: number): number {
  return firstOf(year, month + 1) - firstOf(year, month);
}

/** The day from Monday to Friday that is nearest to a day, and in the same month. */
function nearestWeekday(year: number, month: number, day: number, last: number): number {
  const { weekday } = calendarDay(firstOf(year, month) + day - 1);
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < last ? day + 1 : day - 2;
  return day;
}
