// The library alone, without the command line's own weight: child.ts FILE [USER] prints the roles.
import { infer } from "@plimsoll/permissions";
import { inferFromLogs } from "@plimsoll/permissions/audit-log";

const [file = "-", user] = process.argv.slice(2);
const { inference, events, matched } = await inferFromLogs([file], user === undefined ? {} : { user });
const read = performance.now();
// The least of what was seen, so that it can be held against the log.
const { cluster, namespaces } = infer(inference.requests);
console.log(
  JSON.stringify({
    events,
    matched,
    requests: inference.requests.length,
    inferring: (performance.now() - read) / 1000,
    roles: { cluster, namespaces: [...namespaces] },
  }),
);
