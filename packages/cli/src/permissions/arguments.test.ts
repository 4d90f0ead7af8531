import { expect, test } from "vitest";
import { parseSince } from "./infer/since.ts";
import { parseSubject } from "./subjects/subject.ts";

test.each(["serviceaccount:a/b", "sa:a/b", "a/b", "system:serviceaccount:a:b", "user:system:serviceaccount:a:b"])(
  "%s is a ServiceAccount, with the groups that every one is in",
  (text) => {
    expect(parseSubject(text)).toEqual({
      user: "system:serviceaccount:a:b",
      groups: ["system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"],
      title: "ServiceAccount a/b",
      account: { namespace: "a", name: "b" },
    });
  },
);

test("users and groups may have any name", () => {
  expect(parseSubject("user:https://idp/ada:x", ["dev"])).toEqual({
    user: "https://idp/ada:x",
    groups: ["system:authenticated", "dev"],
    title: "User https://idp/ada:x",
  });
  expect(parseSubject("group:oidc:a/b")).toEqual({ groups: ["oidc:a/b"], title: "Group oidc:a/b" });
  expect(() => parseSubject("ada")).toThrow("write user:NAME");
});

test("--since is a time or a while before now", () => {
  const now = Date.parse("2026-05-10T00:00:00Z");
  const shown = (text: string) => new Date(parseSince(text, now)).toISOString();
  expect([shown("2d"), shown("90m"), shown("2026-05-01"), shown("2026-05-01T12:00:00+02:00")]).toEqual([
    "2026-05-08T00:00:00.000Z",
    "2026-05-09T22:30:00.000Z",
    "2026-05-01T00:00:00.000Z",
    "2026-05-01T10:00:00.000Z",
  ]);
  for (const text of ["yesterday", "2026-13-01", "", "5"]) expect(() => parseSince(text, now)).toThrow("is neither a time");
});
