import type { Binary, Tool } from "./tools.ts";

/** One file of an official release. */
export interface Asset {
  url: string;
  /** A file with the SHA-256 of the asset: alone, or as one of many lines "SUM  FILE". */
  checksumUrl: string;
  /** Binary → its path in the archive; without it, the asset is the binary. */
  members?: Record<string, string>;
}

/** Where releases are, so that a mirror or a test can stand in. */
export interface Origins {
  kubernetes: string;
  github: string;
  helm: string;
}

export const officialOrigins: Origins = { kubernetes: "https://dl.k8s.io", github: "https://github.com", helm: "https://get.helm.sh" };

/** Node's names of platforms and architectures → Go's. */
export interface Platform {
  os: string;
  arch: string;
}

export const thisPlatform: Platform = { os: process.platform, arch: process.arch === "x64" ? "amd64" : process.arch };

/** The asset that holds a tool's binary; undefined where no release with a checksum is published (kwok publishes none). */
export function assetOf(tool: Tool, version: string, binary: Binary, platform: Platform, origins: Origins): Asset | undefined {
  const { os, arch } = platform;
  const number = version.slice(1);
  const github = (repository: string, file: string) => `${origins.github}/${repository}/releases/download/${version}/${file}`;
  switch (tool.name) {
    case "kubernetes": {
      const url = `${origins.kubernetes}/release/${version}/bin/${os}/${arch}/${binary}`;
      return { url, checksumUrl: `${url}.sha256` };
    }
    case "etcd": {
      if (os !== "linux") return undefined; // A zip elsewhere.
      const folder = `etcd-${version}-${os}-${arch}`;
      return {
        url: github("etcd-io/etcd", `${folder}.tar.gz`),
        checksumUrl: github("etcd-io/etcd", "SHA256SUMS"),
        members: { etcd: `${folder}/etcd` },
      };
    }
    case "containerd": {
      const url = github("containerd/containerd", `containerd-${number}-${os}-${arch}.tar.gz`);
      return {
        url,
        checksumUrl: `${url}.sha256sum`,
        members: Object.fromEntries(Object.keys(tool.packages).map((name) => [name, `bin/${name}`])),
      };
    }
    case "coredns": {
      const url = github("coredns/coredns", `coredns_${number}_${os}_${arch}.tgz`);
      return { url, checksumUrl: `${url}.sha256`, members: { coredns: "coredns" } };
    }
    case "helm3":
    case "helm4": {
      const url = `${origins.helm}/helm-${version}-${os}-${arch}.tar.gz`;
      return { url, checksumUrl: `${url}.sha256sum`, members: { [tool.name]: `${os}-${arch}/helm` } };
    }
    default:
      return undefined;
  }
}
