#!/usr/bin/env bash
# Writes the lists of the libraries' public API anew, after a change of it: what is public and not in PublicAPI.Shipped.txt goes
# into PublicAPI.Unshipped.txt. A release moves the lines from there to the other.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for project in src/*/; do
  # From an empty list: what the fix adds to one that has lines is not complete.
  echo '#nullable enable' > "$project/PublicAPI.Unshipped.txt"
  dotnet format analyzers "$project" --diagnostics RS0016
done
