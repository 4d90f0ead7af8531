#!/usr/bin/env bash
# golang.org/x/net v0.51.0 and v0.58.0 (http/httpproxy, of which net/http has a copy).
#
# HTTPS_PROXY and https_proxy may both be set, as by a login shell and by a CI system. Which one a Go program such as kubectl goes by
# depends on the Go that it was built with: the older takes the upper-case one, the newer the lower-case one. So two kubectls on one machine
# may take different ways to the same API server.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/url"

	"golang.org/x/net/http/httpproxy"
)

func main() {
	target, _ := url.Parse("https://kubernetes.example.com:6443")
	proxy, err := httpproxy.FromEnvironment().ProxyFunc()(target)
	fmt.Println(proxy, err)
}
GO
for version in v0.51.0 v0.58.0; do
  mkdir -p "$version"
  cp main.go "$version"
  (
    cd "$version"
    go mod init finding >/dev/null 2>&1
    go get "golang.org/x/net/http/httpproxy@$version" >/dev/null 2>&1
    go mod tidy >/dev/null 2>&1
    echo "$version: $(HTTPS_PROXY=http://upper:3128 https_proxy=http://lower:3128 NO_PROXY='' no_proxy='' go run .)"
  ) >>seen
done
diff seen - <<'SEEN'
v0.51.0: http://upper:3128 <nil>
v0.58.0: http://lower:3128 <nil>
SEEN
echo "holds: with both set, HTTPS_PROXY wins in x/net 0.51, and https_proxy in 0.58"
