#!/usr/bin/env bash
# Says what is missing where there is no .NET SDK that can build this repository.
set -euo pipefail

fail() { printf '%s\n' "$*" >&2; exit 1; }

command -v dotnet >/dev/null 2>&1 || fail 'The .NET SDK is missing: install .NET SDK 10 or newer and put dotnet on the PATH.'
version=$(dotnet --version) || fail 'dotnet has no SDK that it can run: install .NET SDK 10 or newer.'
((${version%%.*} >= 10)) || fail ".NET SDK $version is too old: install .NET SDK 10 or newer."
