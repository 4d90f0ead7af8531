import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Fault } from "./decide/fault.ts";
import { signers, type Signer } from "./decide/signers.ts";

/** What the feature tells Prometheus. */
export class CsrMetrics {
  readonly #decisions: Counter<"signer" | "decision" | "reason">;
  readonly #seconds: Histogram<"signer">;
  readonly #machines: Counter<"verdict">;

  constructor(registry: Registry, counts: () => ReadonlyMap<Signer, number>) {
    const registers = [registry];
    const gauge: Gauge<"signer"> = new Gauge({
      name: "plimsoll_csr_pending",
      help: "Requests that are neither approved nor denied, by signer.",
      labelNames: ["signer"],
      registers,
      collect: (): void => {
        for (const signer of signers) gauge.set({ signer }, counts().get(signer) ?? 0);
      },
    });
    this.#decisions = new Counter({
      name: "plimsoll_csr_decisions_total",
      help: "Requests that were decided on, by signer, decision and, where they were not approved, why. One that is looked at again counts again when the reason is another.",
      labelNames: ["signer", "decision", "reason"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "plimsoll_csr_approval_duration_seconds",
      help: "From when a request was seen until its approval was written.",
      labelNames: ["signer"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    });
    this.#machines = new Counter({
      name: "plimsoll_csr_looks_total",
      help: "Answers of the cloud about a node's machine.",
      labelNames: ["verdict"],
      registers,
    });
  }

  approved(signer: Signer, seconds: number): void {
    this.#decisions.inc({ signer, decision: "approve", reason: "" });
    this.#seconds.observe({ signer }, seconds);
  }

  notApproved(signer: Signer, decision: "leave" | "deny", { code }: Fault): void {
    this.#decisions.inc({ signer, decision, reason: code });
  }

  looked(verdict: "exists" | "gone" | "unsure"): void {
    this.#machines.inc({ verdict });
  }
}
