import { closest, findCycle, type Problem } from "@plimsoll/api";
import { annotations } from "../labels.ts";
import type { Ref } from "./ref.ts";
import { keyOf, titleOf } from "./ref.ts";
import type { Written } from "./written.ts";

/** The keys of the objects that each is to wait for, by their annotations; or what is wrong with these. */
export function needsOf(objects: readonly Written[]): { needs: Map<string, string[]> } | { problems: Problem[] } {
  const problems: Problem[] = [];
  const found = objects.map((written, index) => {
    const text = written.object.metadata.annotations?.[annotations.dependsOn] ?? "";
    const named = text.split(",").flatMap((part) => part.trim() || []);
    return named.flatMap((name) => {
      const places = objects.flatMap((other, place) => (titleOf(other.ref) === name && place !== index ? [place] : []));
      if (places.length === 0)
        problems.push({
          path: [...written.path, "metadata", "annotations", annotations.dependsOn],
          message: name === titleOf(written.ref) ? "an object can't wait for itself" : unknown(name, titlesBut(objects, written.ref)),
        });
      return places;
    });
  });
  const cycle = findCycle(found);
  if (cycle !== undefined) {
    const [start] = cycle;
    const titles = [...cycle, start ?? 0].map((place) => titleOf(objects[place]?.ref ?? { apiVersion: "", kind: "", name: "" }));
    const path = objects[start ?? 0]?.path ?? [];
    problems.push({
      path: [...path, "metadata", "annotations", annotations.dependsOn],
      message: `these wait for each other: ${titles.join(", ")}`,
    });
  }
  if (problems.length > 0) return { problems };
  const keys = objects.map(({ ref }) => keyOf(ref));
  return { needs: new Map(found.map((places, index) => [keys[index] ?? "", places.map((place) => keys[place] ?? "")])) };
}

function unknown(name: string, others: readonly string[]): string {
  if (others.length === 0) return `there is no ${name} in the set, which has no other object: list it, or take this out`;
  return `there is no ${name} in the set${closest(name, others)}: name others as KIND/NAME, with commas between them`;
}

function titlesBut(objects: readonly Written[], ref: Ref): string[] {
  return objects.map((other) => titleOf(other.ref)).filter((title) => title !== titleOf(ref));
}
