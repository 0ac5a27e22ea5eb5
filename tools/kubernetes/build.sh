#!/usr/bin/env bash
# build.sh: makes kubetest and helm in target/kubernetes/bin, where they are not made of what is here already.
# Of two at a time the second waits for the first.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"
lack=$(lacking control)
[ -z "$lack" ] || { echo "kubetest: $lack" >&2; exit 1; }
mkdir -p "$bin"
exec 9> "$bin/lock"
flock 9

cd "$here"
export CGO_ENABLED=0
of=$({ go version && cat -- *.go go.mod go.sum build.sh && echo "$helm_version"; } | sha256sum | cut -d' ' -f1)
[ "$(cat "$bin/made-of" 2> /dev/null)" != "$of" ] || exit 0
rm -f "$bin/made-of"

# Kubernetes knows its version from the linker alone.
version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
minor=${version#v1.}
link='-s -w'
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  link+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=${minor%%.*} -X $package.gitTreeState=clean"
done
echo "Building Kubernetes $version for tests: minutes of two cores, once …" >&2
go build -mod=readonly -trimpath -buildvcs=false -tags providerless -ldflags "$link" -o "$bin/kubetest" .
GOBIN=$bin go install -trimpath -ldflags '-s -w' "helm.sh/helm/v3/cmd/helm@$helm_version"

printf '#!/bin/sh\nexec "%s" kubectl "$@"\n' "$bin/kubetest" > "$bin/kubectl"
chmod +x "$bin/kubectl"
echo "$of" > "$bin/made-of"
