import * as z from "zod";
import { quantity } from "../schema/field.ts";
import { repeated, withProblems } from "../problems/with-problems.ts";

const claim = z.strictObject({
  name: z.string().min(1).max(63).describe("An entry of the pod's resourceClaims."),
  request: z.string().min(1).max(127).optional().describe("One of the claim's requests. Default: all."),
});

export const resources = z
  .strictObject({
    requests: z
      .record(z.string(), quantity)
      .optional()
      .describe("What a pod of the step asks the scheduler for, as in cpu: 200m and memory: 256Mi."),
    limits: z
      .record(z.string(), quantity)
      .optional()
      .describe("What a pod of the step may use at most; GPUs too, as in nvidia.com/gpu: 1."),
    claims: withProblems(z.array(claim).max(50), (claims) => repeated(claims, "name"))
      .optional()
      .describe("Devices that a claim of the pod's resourceClaims has been given."),
  })
  .describe("CPU, memory, devices and other resources of each pod.");
