import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect, onTestFinished, test, vi } from "vitest";
import { startEntra } from "../../testing/entra.ts";
import { startProxy } from "../../testing/proxy.ts";
import { startResourceManager, token } from "../../testing/resource-manager.ts";
import { openCloud } from "../open.ts";

const tenant = "00000000-0000-4000-8000-0000000000cc";
const client = "00000000-0000-4000-8000-0000000000dd";
const subscription = "00000000-0000-4000-8000-0000000000aa";
const resourceGroup = "mc_shop_westeurope";
const compute = `azure:///subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute`;
const there = [`${compute}/virtualMachines/vm-1`, `${compute}/virtualMachineScaleSets/pool/virtualMachines/46`];
const gone = [`${compute}/virtualMachines/vm-none`, `${compute}/virtualMachineScaleSets/pool/virtualMachines/0`];

interface Names {
  /** Where Entra is, as the webhook says. */
  authority: string;
  /** Where the SDK asks instead. */
  login?: string;
  management: string;
}

/** Azure's own names, behind a proxy: Entra and Resource Manager as servers of ours play them, and what the webhook of workload identities gives a pod. */
async function azure({ authority, login = authority, management, shown }: Names & { shown: string }): Promise<string[]> {
  const manager = await startResourceManager(subscription, resourceGroup, management);
  manager.machines.set("vm-1", "vm-1").set("pool/46", "pool00001a");
  const federation = { tenant, client, assertion: "a.service-account.token", scope: `https://${management}/.default` };
  const entra = await startEntra(federation, token, login);
  const proxy = await startProxy({ [login]: entra.port, [management]: manager.port });
  const trusted = getCACertificates("default");
  setDefaultCACertificates([...trusted, manager.ca, entra.ca]);
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-token-"));
  writeFileSync(join(folder, "azure-identity-token"), shown);
  vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${proxy.port}`);
  vi.stubEnv("AZURE_AUTHORITY_HOST", `https://${authority}/`);
  vi.stubEnv("AZURE_TENANT_ID", tenant);
  vi.stubEnv("AZURE_CLIENT_ID", client);
  vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", join(folder, "azure-identity-token"));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    setDefaultCACertificates(trusted);
    rmSync(folder, { recursive: true });
    await Promise.all([proxy.stop(), entra.stop(), manager.stop()]);
  });
  return manager.asked;
}

const machines = async (endpoint?: string) =>
  (await openCloud({ provider: "azure", subscription, resourceGroup, endpoint })).machines(
    [...there, ...gone],
    new AbortController().signal,
  );

const global = { authority: "login.microsoftonline.com", management: "management.azure.com" };
const us = { authority: "login.microsoftonline.us", management: "management.usgovcloudapi.net" };
const china = { authority: "login.chinacloudapi.cn", login: "login.partner.microsoftonline.cn", management: "management.chinacloudapi.cn" };

test.each<[string, Names, string | undefined]>([
  ["Azure", global, undefined],
  ["Azure for the US government", us, `https://${us.management}/`],
  ["Azure in China", china, `https://${china.management}`],
])("of %s, a ServiceAccount's token is all that it takes, where an application trusts it", async (_, names, endpoint) => {
  await azure({ ...names, shown: "a.service-account.token" });
  const verdicts = await machines(endpoint);
  for (const id of there) expect([id, verdicts.get(id)]).toEqual([id, { state: "exists" }]);
  for (const id of gone) expect([id, verdicts.get(id)]).toMatchObject([id, { state: "gone" }]);
});

test("where no application trusts the ServiceAccount, the machines aren't asked for, no person's login is, and Entra's reason is told, the same each time", async () => {
  const asked = await azure({ ...global, shown: "another.account.token" });
  const programs = mkdtempSync(join(tmpdir(), "plimsoll-programs-"));
  onTestFinished(() => rmSync(programs, { recursive: true }));
  const started = join(programs, "started");
  for (const name of ["az", "azd", "pwsh"])
    writeFileSync(join(programs, name), `#!/bin/sh\necho ${name} >>${started}\nexit 1\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${programs}:${process.env["PATH"]}`);
  const why = "AADSTS700213: No matching federated identity record found for presented assertion subject.";
  for (const verdict of (await machines()).values()) expect(verdict).toEqual({ state: "unsure", why });
  expect(asked).toEqual([]);
  expect(existsSync(started)).toBe(false);
});

test("without an identity it is told which ones there could be", async () => {
  const nobody = await startProxy({});
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await nobody.stop();
  });
  vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${nobody.port}`);
  vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "prod");
  vi.stubEnv("AZURE_POD_IDENTITY_AUTHORITY_HOST", `http://127.0.0.1:${nobody.port}`);
  const why = expect.stringContaining("neither a workload identity (AZURE_FEDERATED_TOKEN_FILE) nor a managed identity answers") as string;
  for (const verdict of (await machines()).values()) expect(verdict).toEqual({ state: "unsure", why });
});
