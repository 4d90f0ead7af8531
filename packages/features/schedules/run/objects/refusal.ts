import { ApiError } from "@plimsoll/kube";

/** An expression of a template has no value for a time. */
export class TemplateError extends Error {
  override name = "TemplateError";
}

/** Whether a run can't ever be made as it is: the API server finds it wrong, or too large, or its template has no value. Quotas and rights may change. */
export function isRefusal(error: unknown): boolean {
  return error instanceof TemplateError || (error instanceof ApiError && [400, 413, 422].includes(error.code));
}
