import type { Step } from "@plimsoll/api";
import type { ResourceRequirements } from "kubernetes-types/core/v1.d.ts";
import { multiplied } from "./quantity.ts";

type Amounts = Readonly<Record<string, string | number>>;

/** What a container asks for and may use, with its memory multiplied. */
export function renderResources(given: Step["resources"], memory: number): ResourceRequirements | undefined {
  if (given === undefined) return undefined;
  const { requests, limits, claims } = given;
  return {
    ...(requests ? { requests: amountsOf(requests, memory) } : {}),
    ...(limits ? { limits: amountsOf(limits, memory) } : {}),
    // Kubernetes' types of this version know the name alone.
    ...(claims ? { claims: claims.map(({ name, request }) => ({ name, ...(request === undefined ? {} : { request }) })) } : {}),
  };
}

function amountsOf(amounts: Amounts, memory: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, name === "memory" ? multiplied(String(amount), memory) : String(amount)]),
  );
}
