#!/usr/bin/env bash
# The main job on the built-in sample: three heads learn a language whose truth is known, the mixture of softmaxes is saved, loaded
# back, and scores a few rows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./build/check-sdk.sh
# The networks are too small for libtorch's threads to pay, and where other work takes their cores they wait for each other.
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
exec dotnet run -c Release --project pipelines/sample
