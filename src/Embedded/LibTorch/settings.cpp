#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <climits>
#include <cstdlib>
#include <cstring>

#include "door.h"
#include "errors.h"

// Whether products, memory and LSTMs are ours where they are faster; MOS_LIBTORCH=plain leaves libtorch as it comes, to
// compare the two or to find a fault.
bool mos_is_tuned() {
    static const char* wanted = std::getenv("MOS_LIBTORCH");
    return !wanted || std::strcmp(wanted, "plain") != 0;
}

int32_t mos_threads() { return at::get_num_threads(); }

bool mos_set_threads(int32_t count) {
    return guarded([&] { at::set_num_threads(count); });
}

int32_t mos_interop_threads() { return at::get_num_interop_threads(); }

bool mos_set_interop_threads(int32_t count) {
    return guarded([&] { at::set_num_interop_threads(count); });
}

int32_t mos_default_dtype() { return static_cast<int32_t>(c10::get_default_dtype_as_scalartype()); }

bool mos_set_default_dtype(int32_t dtype) {
    return guarded([&] { c10::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<c10::ScalarType>(dtype))); });
}

int32_t mos_cuda_device_count() {
    return guarded(0, [] {
        if (!c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)) return 0;
        return static_cast<int32_t>(c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount());
    });
}

bool mos_cuda_has_cudnn() {
    return guarded(false, [] { return mos_cuda_device_count() > 0 && at::detail::getCUDAHooks().hasCuDNN(); });
}

bool mos_cuda_synchronize(int32_t index) {
    return guarded([&] {
        auto current = c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->getDevice().index();
        at::detail::getCUDAHooks().deviceSynchronize(static_cast<c10::DeviceIndex>(index < 0 ? current : index));
    });
}

const char* mos_version() { return TORCH_VERSION; }

// The BLAS that libtorch runs, by the file of its dgemm (sgemm may be ours); empty when it is not a library of its own (MKL
// inside libtorch).
const char* mos_blas() {
    static char path[PATH_MAX] = "";
    void* dgemm = dlsym(RTLD_DEFAULT, "dgemm_");
    Dl_info info;
    if (dgemm && dladdr(dgemm, &info) && !realpath(info.dli_fname, path)) path[0] = '\0';
    return path;
}
