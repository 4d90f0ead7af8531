import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate that is its own authority, for these names and for loopback, and its key, as PEM. */
export function selfSigned(...names: string[]): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-tls-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const alternatives = ["IP:127.0.0.1", ...names.map((name) => `DNS:${name}`)].join(",");
    const made = ["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", `subjectAltName=${alternatives}`];
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...made], {
      stdio: "ignore",
    });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
