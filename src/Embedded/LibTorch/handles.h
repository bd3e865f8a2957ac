#pragma once

#include <ATen/ATen.h>
#include <ATen/core/Generator.h>

#include <vector>

#include "door.h"

// A tensor that shares the handle's object; the handle keeps its own reference.
inline at::Tensor tensor_of(c10::TensorImpl* handle) {
    if (handle == nullptr) return {};
    return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

// Gives the tensor's reference away as a handle; null for an undefined tensor.
inline c10::TensorImpl* handle_of(at::Tensor tensor) {
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

inline std::vector<at::Tensor> tensors_of(c10::TensorImpl** handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (int32_t i = 0; i < count; i++) tensors.push_back(tensor_of(handles[i]));
    return tensors;
}

inline at::Generator generator_of(c10::GeneratorImpl* handle) {
    return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(handle));
}
