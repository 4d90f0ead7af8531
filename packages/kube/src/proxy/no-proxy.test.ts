import { expect, test } from "vitest";
import { isExempt } from "./no-proxy.ts";

// What Go's net/http answers (golang.org/x/net/http/httpproxy) to the same.
test.each([
  ["https://localhost:6443", "", true],
  ["https://127.1.2.3:6443", "", true],
  ["https://[::1]:6443", "", true],
  ["https://[::ffff:127.0.0.1]", "", true],
  ["https://sub.localhost", "", false],
  ["https://api.example", "", false],
  ["https://api.example", " , *", true],
  ["https://api.example", "*.com,*", true],
  ["https://api.example", "example", true],
  ["https://example", "example", true],
  ["https://example", ".example", false],
  ["https://api.example", ".example", true],
  ["https://api.example", "*.example", true],
  ["https://example", "*.example", false],
  ["https://API.Example", " api.EXAMPLE ", true],
  ["https://notexample", "example", false],
  ["https://api.example", "api", false],
  ["https://api.example:6443", "example:6443", true],
  ["https://api.example:6443", "example:443", false],
  ["https://api.example", "example:443", true],
  ["http://api.example", "example:80", true],
  ["https://api.example", "example:", true],
  ["https://api.example", ":443,.", false],
  ["https://10.1.2.3:6443", "10.0.0.0/8", true],
  ["https://11.1.2.3:6443", "10.0.0.0/8", false],
  ["https://10.1.2.3:6443", "10.9.9.9/8", true],
  ["https://10.1.2.3:6443", "10.0.0.0/33", false],
  ["https://10.1.2.3:6443", "10.1.2.3", true],
  ["https://10.1.2.3:6443", "10.1.2.3:6443", true],
  ["https://10.1.2.3:6443", "10.1.2.3:443", false],
  ["https://10.1.2.3:6443", ".2.3,2.3", false],
  ["https://[fd00::5]:6443", "fd00::/8", true],
  ["https://[fd00::5]:6443", "fd00:0::5", true],
  ["https://[fd00::5]:6443", "[fd00::5]:6443", true],
  ["https://[fd00::5]:6443", "[fd00::5]:443", false],
  ["https://[fe00::5]:6443", "fd00::/8,fd00::5", false],
])("%s under NO_PROXY=%j is exempt: %j", (server, noProxy, exempt) => {
  expect(isExempt(new URL(server), noProxy)).toBe(exempt);
});
