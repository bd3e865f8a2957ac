#!/usr/bin/env bash
# Tries a GPU: the tests of category Gpu, the benchmark, the published formulation in PyTorch beside it, and training on Penn Treebank.
#
#   build/test-gpu.sh [results]      publishes for this machine and runs everything; results is a folder for the output
#   build/test-gpu.sh pack file      packs everything for another machine, one with a GPU and PyTorch but without .NET:
#                                    tar -xf file && bash test-gpu/test-gpu.sh [results]
#
# libtorch is that of the TorchSharp-cuda package with MOS_TORCH=package, otherwise that of the python3 on the PATH, or what is on
# LD_LIBRARY_PATH. With MOS_PTB, the folder of ptb.{train,valid,test}.txt.gz, mos trains and scores too. What fails is reported and the rest
# goes on; a part has MOS_PART_SECONDS, 240. It is made to take less than eight minutes in all, which nobody has timed yet. Lines of JSON, one
# for each part and each figure, are in results/figures.jsonl.
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs=(test/MixtureOfSoftmaxes.Tests test/DependencyInjection.Tests bench/Benchmarks pipelines/mos)

publish() {
  local device=none project
  [[ ${MOS_TORCH:-} == package ]] && device=cuda
  for project in "${programs[@]}"; do
    dotnet publish "$here/../$project" -c Release -r linux-x64 --self-contained -p:TorchDevice="$device" -v quiet -o "$1/${project##*/}"
  done
  cp "$here/../bench/Peer/peer.py" "$here/test-gpu.sh" "$1"
  [[ -z ${MOS_PTB:-} ]] || { mkdir -p "$1/ptb" && cp "$MOS_PTB"/ptb.*.txt.gz "$1/ptb"; }
}

# Equal files of the programs stand in the archive once.
pack() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  publish "$work/test-gpu"
  find "$work/test-gpu" \( -name '*.pdb' -o -name 'libmscordaccore.so' -o -name 'libmscordbi.so' \) -delete
  (
    cd "$work/test-gpu"
    declare -A first
    while read -r sum file; do
      [[ -n ${first[$sum]:-} ]] && ln -f "${first[$sum]}" "$file" || first[$sum]=$file
    done < <(find . -type f -size +16k -exec sha256sum {} +)
  )
  tar -C "$work" -cJf "$1" test-gpu
  ls -l "$1"
}

find_libtorch() {
  [[ ${MOS_TORCH:-} == package ]] && return
  local lib
  if lib=$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null); then
    export LD_LIBRARY_PATH=$lib:$(ls -d "$lib"/../../nvidia/*/lib 2>/dev/null | paste -sd:):${LD_LIBRARY_PATH:-}
  fi
  # A weak version that an older system has not is no fault (docs/packages.md).
  if ldd -r "$programs_folder/mos/libLibTorchSharp.so" 2>&1 | grep -v 'weak version' | grep -E 'undefined symbol|not found' >&2; then
    echo 'test-gpu: the libtorch on the library path does not fit, or there is none (docs/gpu.md)' >&2
    exit 1
  fi
}

# Runs a part; its output is kept, its last lines are shown, and a failure does not end the rest.
part() {
  local name=$1 start=$SECONDS status=0
  shift
  echo "== $name"
  timeout "${MOS_PART_SECONDS:-240}" "$@" > "$results/$name.log" 2>&1 || status=$?
  tail -n "${MOS_TAIL:-12}" "$results/$name.log"
  grep -h '^{.*}$' "$results/$name.log" >> "$results/figures.jsonl" || true
  printf '{"part": "%s", "exitCode": %d, "seconds": %d}\n' "$name" "$status" "$((SECONDS - start))" | tee -a "$results/figures.jsonl"
  ((status == 0)) || failed+=("$name")
}

run() {
  programs_folder=$1 results=${2:-$(mktemp -d)}
  mkdir -p "$results"
  : > "$results/figures.jsonl"
  failed=()
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  find_libtorch
  command -v nvidia-smi > /dev/null && nvidia-smi --query-gpu=index,name,driver_version,memory.total,memory.used --format=csv | tee "$results/gpu.csv"
  part tests "$programs_folder/MixtureOfSoftmaxes.Tests/MixtureOfSoftmaxes.Tests" --filter TestCategory=Gpu
  part tests-service "$programs_folder/DependencyInjection.Tests/DependencyInjection.Tests" --filter TestCategory=Gpu
  grep -qE 'succeeded: [1-9]' "$results/tests.log" || failed+=('tests, for none ran')
  part benchmark "$programs_folder/Benchmarks/Benchmarks" --device cuda --quick --json
  part peer python3 "$programs_folder/peer.py" 15
  if [[ -d $programs_folder/ptb ]]; then
    local precision
    for precision in float32 tensorfloat32 bfloat16; do
      part "train-$precision" "$programs_folder/mos/mos" train --preset ptb --seed 1 --device cuda:0 --precision "$precision" \
        --train "$programs_folder/ptb/ptb.train.txt.gz" --valid "$programs_folder/ptb/ptb.valid.txt.gz" --model "$results/$precision.zip" \
        --maximum-time 25s --json
    done
    part evaluate "$programs_folder/mos/mos" evaluate --model "$results/tensorfloat32.zip" --device cuda:0 --context stream --json \
      --data "$programs_folder/ptb/ptb.test.txt.gz"
  fi
  rm -f "$results"/*.zip
  echo "figures: $results/figures.jsonl"
  ((${#failed[@]} == 0)) || { echo "failed: ${failed[*]}"; exit 1; }
}

if [[ ${1:-} == pack ]]; then
  "$here/check-sdk.sh"
  pack "${2:?the file to pack into}"
elif [[ -d $here/mos ]]; then
  run "$here" "${1:-}"
else
  "$here/check-sdk.sh"
  published=$(mktemp -d)
  trap 'rm -rf "$published"' EXIT
  publish "$published"
  run "$published" "${1:-}"
fi
