const refusals = new Set(["AuthenticationError", "AuthenticationRequiredError"]);

/**
 * Why there is no token, where an error of the SDK's says that. Of several kinds of credentials that it tried, that is the one that was refused. Of a refusal,
 * what Entra says of it is the same each time; around it are times and numbers of the request. Others stay as they are.
 */
export function tokenErrorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (refusals.has(error.name)) return new Error(said(error), { cause: error });
  if (error.name !== "AggregateAuthenticationError" || !("errors" in error)) return error;
  const tried = (error.errors as Error[]).find(({ name }) => name !== "CredentialUnavailableError");
  if (tried === undefined)
    return new Error("there are no credentials: neither a workload identity (AZURE_FEDERATED_TOKEN_FILE) nor a managed identity answers", {
      cause: error,
    });
  return new Error(said(tried), { cause: error });
}

function said({ message }: Error): string {
  return /AADSTS\d+: .*?(?=\s*Trace ID:|\s*- Correlation ID:|$)/s.exec(message)?.[0] ?? message;
}
