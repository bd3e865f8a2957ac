#!/usr/bin/env bash
# Tries a GPU: the tests of category Gpu, the benchmark, the published formulation in PyTorch beside it, and training on Penn Treebank.
#
#   build/test-gpu.sh [results [part...]]   publishes for this machine and runs the parts; results is a folder for the output
#   build/test-gpu.sh pack file             packs everything for another machine, one with a GPU and PyTorch but without .NET:
#                                           tar -xf file && bash test-gpu/test-gpu.sh [results [part...]]
#   build/test-gpu.sh plan [part...]        says what would be run, and for how long at most
#
# Parts, in order of worth: tests benchmark peer precision best; without any, all of them. precision trains an epoch in each precision, scores one
# model in each, and says which is to be the default; best trains for ten minutes, or for what is left of MOS_SECONDS (840), and tests the model.
# Both need MOS_PTB, the folder of ptb.{train,valid,test}.txt.gz. A command that hangs or fails is ended, reported, and does not stop the rest.
# Every figure is a line of JSON in results/figures.jsonl as soon as its command has ended, however it ended.
#
# libtorch is that of the TorchSharp-cuda package with MOS_TORCH=package, otherwise that of the python3 on the PATH, or what is on
# LD_LIBRARY_PATH. MOS_DEVICE (cuda:0) may be cpu, to try the script itself. Nobody has timed it on a GPU yet.
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly device=${MOS_DEVICE:-cuda:0} seconds=${MOS_SECONDS:-840}
programs=(test/MixtureOfSoftmaxes.Tests test/DependencyInjection.Tests bench/Benchmarks pipelines/mos)

publish() {
  local torch=none project
  [[ ${MOS_TORCH:-} == package ]] && torch=cuda
  for project in "${programs[@]}"; do
    dotnet publish "$here/../$project" -c Release -r linux-x64 --self-contained -p:TorchDevice="$torch" -v quiet -o "$1/${project##*/}"
  done
  cp "$here/../bench/Peer/peer.py" "$here/choose-precision.py" "$here/test-gpu.sh" "$1"
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

# Runs a command for so many seconds at most; its output is kept, its last lines are shown, and a failure does not end the rest.
try() {
  local name=$1 limit=$2 start=$SECONDS status=0
  shift 2
  ((limit <= seconds - SECONDS)) || limit=$((seconds - SECONDS))
  if [[ -n $is_plan ]]; then
    printf '%-22s %4d s  %s\n' "$name" "$limit" "$*"
    return
  fi

  if ((limit < 5)); then
    echo "== $name: no time is left"
    failed+=("$name, for which no time was left")
    return
  fi

  echo "== $name, $limit s at most"
  timeout --kill-after=10 "$limit" "$@" > "$results/$name.log" 2>&1 || status=$?
  tail -n "${MOS_TAIL:-12}" "$results/$name.log"
  sed -n "s/^{\\(.*}\\)\$/{\"command\": \"$name\", \\1/p" "$results/$name.log" >> "$results/figures.jsonl"
  printf '{"command": "%s", "exitCode": %d, "seconds": %d}\n' "$name" "$status" "$((SECONDS - start))" | tee -a "$results/figures.jsonl"
  ((status == 0)) || failed+=("$name")
}

tests() {
  try tests 180 "$programs_folder/MixtureOfSoftmaxes.Tests/MixtureOfSoftmaxes.Tests" --filter TestCategory=Gpu
  try tests-service 60 "$programs_folder/DependencyInjection.Tests/DependencyInjection.Tests" --filter TestCategory=Gpu
  [[ -n $is_plan ]] || grep -qE 'succeeded: [1-9]' "$results/tests.log" || failed+=('tests, for none ran')
}

benchmark() { try benchmark 150 "$programs_folder/Benchmarks/Benchmarks" --device "${device%%:*}" --quick --json; }

peer() { try peer 120 python3 "$programs_folder/peer.py" 12; }

precision() {
  local which
  for which in tensorfloat32 bfloat16 float32; do
    try "train-$which" 75 "${mos[@]}" train "${run[@]}" --model "$results/$which.zip" --log-file "$results/$which-run.jsonl" \
      --epochs 1 --finetune-epochs 0 --precision "$which"
  done
  for which in tensorfloat32 bfloat16 float32; do
    try "score-$which" 30 "${mos[@]}" evaluate --model "$results/tensorfloat32.zip" --data "$ptb/ptb.valid.txt.gz" --device "$device" \
      --context stream --precision "$which" --json
  done
  try choice 10 python3 "$programs_folder/choose-precision.py" "$results/figures.jsonl"
}

# The best that ten minutes reach: large batches and one cosine of the rate, as the run that docs/ptb.md compares with.
best() {
  local minutes=$((seconds - SECONDS - 40))
  ((minutes <= 600)) || minutes=600
  ((minutes >= 60)) || { echo '== best: no time is left'; return; }
  try train-best $((minutes + 30)) "${mos[@]}" train "${run[@]}" --model "$results/best.zip" --log-file "$results/best-run.jsonl" \
    --epochs 1000 --finetune-epochs 0 --batch-size 40 --pass-batch-size 40 --learning-rate 25 --learning-rate-schedule cosine \
    --maximum-time "${minutes}s"
  try test-best 30 "${mos[@]}" evaluate --model "$results/best.zip" --data "$ptb/ptb.test.txt.gz" --device "$device" --context stream --json
}

run_parts() {
  programs_folder=$1 results=${2:-} is_plan=$3
  shift 3
  mos=("$programs_folder/mos/mos") ptb=$programs_folder/ptb failed=()
  run=(--preset ptb --seed 1 --device "$device" --train "$ptb/ptb.train.txt.gz" --valid "$ptb/ptb.valid.txt.gz" --json)
  (($# > 0)) || set -- tests benchmark peer precision best
  local part
  for part in "$@"; do
    [[ $part =~ ^(tests|benchmark|peer|precision|best)$ ]] || { echo "test-gpu: there is no part '$part' (see its head)" >&2; exit 2; }
  done

  if [[ -z $is_plan ]]; then
    results=${results:-$(mktemp -d)}
    mkdir -p "$results"
    touch "$results/figures.jsonl"
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    [[ $device == cpu ]] || find_libtorch
    ! command -v nvidia-smi > /dev/null ||
      nvidia-smi --query-gpu=index,name,driver_version,memory.total,memory.used --format=csv | tee "$results/gpu.csv"
  fi

  for part in "$@"; do
    if [[ $part =~ ^(precision|best)$ && -z $is_plan && ! -d $ptb ]]; then
      echo "== $part: there is no Penn Treebank (MOS_PTB)"
    else
      "$part"
    fi
  done

  [[ -z $is_plan ]] || return 0
  rm -f "$results"/*.zip
  echo "figures: $results/figures.jsonl"
  ((${#failed[@]} == 0)) || { printf 'failed: %s\n' "${failed[@]}"; exit 1; }
}

if [[ ${1:-} == pack ]]; then
  "$here/check-sdk.sh"
  pack "${2:?the file to pack into}"
elif [[ ${1:-} == plan ]]; then
  run_parts "$here" RESULTS plan "${@:2}"
elif [[ -d $here/mos ]]; then
  run_parts "$here" "${1:-}" '' "${@:2}"
else
  "$here/check-sdk.sh"
  published=$(mktemp -d)
  trap 'rm -rf "$published"' EXIT
  publish "$published"
  SECONDS=0
  run_parts "$published" "${1:-}" '' "${@:2}"
fi
