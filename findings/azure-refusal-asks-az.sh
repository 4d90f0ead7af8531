#!/usr/bin/env bash
# @azure/identity 4.14.1: DefaultAzureCredential with a workload identity (AZURE_FEDERATED_TOKEN_FILE) that Entra refuses.
#
# What the identity's token is exchanged at is a server of this script, which knows no such identity and says so as Entra does: 401,
# invalid_client. That is the answer of the one who was configured, and final; but the refusal is an AuthenticationRequiredError, by
# which a chain of credentials goes on: the server is asked a second time, and then the programs az, pwsh and azd are started, whose
# login, if a person has one on the machine, would be taken in the workload's place. A WorkloadIdentityCredential alone asks once and starts nothing.
set -euo pipefail
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"

echo '{"type": "module"}' >package.json
npm install --silent --no-audit --no-fund @azure/identity@4.14.1 >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
cat >server.mjs <<'JS'
import { createServer } from "node:https";
import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
const server = createServer({ key: readFileSync("key.pem"), cert: readFileSync("cert.pem") }, ({ url }, response) => {
  const { pathname } = new URL(url, "https://localhost");
  const tenant = `https://localhost:${server.address().port}/${pathname.split("/")[1]}`;
  response.setHeader("content-type", "application/json");
  if (pathname.endsWith("/openid-configuration")) {
    const [issuer, token] = [`${tenant}/v2.0`, `${tenant}/oauth2/v2.0/token`];
    response.end(JSON.stringify({ issuer, authorization_endpoint: `${tenant}/authorize`, token_endpoint: token, jwks_uri: `${tenant}/keys` }));
    return;
  }
  appendFileSync("asked", "the server refuses a token\n");
  response.statusCode = 401;
  response.end(JSON.stringify({ error: "invalid_client", error_description: "AADSTS700213: no matching federated identity.", error_codes: [700213] }));
}).listen(0, "localhost", () => {
  writeFileSync("port.new", String(server.address().port));
  renameSync("port.new", "port");
});
JS
cat >ask.mjs <<'JS'
import * as identity from "@azure/identity";
const Credential = identity[process.argv[2]];
const credential = new Credential({ disableInstanceDiscovery: true, authorityHost: process.env.AZURE_AUTHORITY_HOST, retryOptions: { maxRetries: 0 } });
await credential.getToken("https://management.azure.com/.default").catch(({ name }) => console.log(name));
JS
# Stand-ins for programs that may be installed; each says that it was started.
mkdir bin
for program in az azd pwsh; do
  printf '#!/bin/sh\necho "%s is started" >>"%s/asked"\nexit 1\n' "$program" "$dir" >"bin/$program"
  chmod +x "bin/$program"
done

node server.mjs &
server=$!
for _ in $(seq 100); do [ -s port ] && break || sleep 0.1; done
echo a.service.account.token >token
export PATH="$dir/bin:$PATH" NODE_EXTRA_CA_CERTS="$dir/cert.pem" AZURE_AUTHORITY_HOST="https://localhost:$(cat port)"
export AZURE_TENANT_ID=00000000-0000-4000-8000-000000000001 AZURE_CLIENT_ID=00000000-0000-4000-8000-000000000002 AZURE_FEDERATED_TOKEN_FILE="$dir/token"
for credential in WorkloadIdentityCredential DefaultAzureCredential; do
  echo "$credential:"
  : >asked
  node ask.mjs "$credential"
  cat asked
done >seen

cat >expected <<'TEXT'
WorkloadIdentityCredential:
AuthenticationRequiredError
the server refuses a token
DefaultAzureCredential:
AggregateAuthenticationError
the server refuses a token
the server refuses a token
az is started
pwsh is started
azd is started
TEXT
diff seen expected && echo "holds: a refused workload identity has DefaultAzureCredential start az, pwsh and azd"
