/**
 * Why there is no token, where an error of the SDK's says that: it tries one kind of credentials after the other, and names those that there aren't beside
 * the one that was refused. Of a refusal, what Entra says of it is the same each time; around it are times and numbers of the request. Others stay as they are.
 */
export function tokenErrorOf(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "AggregateAuthenticationError" || !("errors" in error)) return error;
  const tried = (error.errors as Error[]).find(({ name }) => name !== "CredentialUnavailableError");
  if (tried === undefined)
    return new Error("there are no credentials: neither a workload identity (AZURE_FEDERATED_TOKEN_FILE) nor a managed identity answers", {
      cause: error,
    });
  return new Error(/AADSTS\d+: .*?(?=\s*Trace ID:|$)/s.exec(tried.message)?.[0] ?? tried.message, { cause: error });
}
