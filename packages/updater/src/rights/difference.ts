import { atomText, covers } from "@plimsoll/permissions";
import type { Role } from "./roles.ts";

/** What roles grant differently before (-) and after (+), as `plimsoll permissions diff` prints it, with where. */
export function differenceOf(before: readonly Role[], after: readonly Role[]): string[] {
  const places = [...new Set([...before, ...after].map(({ namespace }) => namespace))];
  return places.flatMap((place) => {
    const at = (roles: readonly Role[]) =>
      roles.filter(({ namespace }) => namespace === undefined || namespace === place).flatMap(({ rules }) => rules);
    const only = (roles: readonly Role[]) => roles.filter(({ namespace }) => namespace === place).flatMap(({ rules }) => rules);
    const where = place === undefined ? "everywhere" : `in ${place}`;
    const lines = (sign: string, owners: readonly Role[], servants: readonly Role[]): string[] =>
      covers(at(owners), only(servants)).map((atom) => `${sign} ${atomText(atom)} ${where}`);
    return [...lines("-", after, before), ...lines("+", before, after)];
  });
}
