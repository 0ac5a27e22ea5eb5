#!/usr/bin/env bash
# lacking.sh control|fake|node: says in one line what this machine lacks for it; silent where it lacks nothing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"
lacking "${1:?control, fake or node}"
