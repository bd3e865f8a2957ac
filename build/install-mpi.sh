#!/usr/bin/env bash
# Installs Open MPI from the system's packages, for the tests that start mpirun. Where it cannot, says so, and these tests are skipped.
set -euo pipefail

if command -v mpirun > /dev/null; then
  exit 0
fi

skipped='install-mpi: the tests that need mpirun will be skipped:'
if ! command -v apt-get > /dev/null; then
  echo "$skipped there is no apt-get here; install Open MPI by the system's own means." >&2
elif [[ $(id -u) != 0 ]]; then
  echo "$skipped apt-get needs root; install the package openmpi-bin beforehand." >&2
elif ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openmpi-bin; } > /dev/null; then
  echo "$skipped apt-get could not install openmpi-bin." >&2
fi
