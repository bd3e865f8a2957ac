#include <cstring>

#include "door.h"
#include "errors.h"
#include "handles.h"

bool mos_tensor_from_memory(const void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype,
                            c10::TensorImpl** result) {
    return guarded([&] {
        auto tensor = at::empty(at::IntArrayRef(sizes, dimensions), at::dtype(static_cast<at::ScalarType>(dtype)));
        if (tensor.numel() > 0) std::memcpy(tensor.data_ptr(), data, tensor.nbytes());
        *result = handle_of(std::move(tensor));
    });
}

void mos_tensor_release(c10::TensorImpl* tensor) {
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(tensor);
}

void mos_tensor_describe(c10::TensorImpl* handle, Description* description) {
    auto tensor = tensor_of(handle);
    bool strided = tensor.layout() == at::kStrided;
    auto device = tensor.device();
    description->elements = tensor.numel();
    description->element_size = static_cast<int64_t>(tensor.itemsize());
    description->storage_offset = strided ? tensor.storage_offset() : 0;
    description->dimensions = static_cast<int32_t>(tensor.dim());
    description->dtype = static_cast<int8_t>(tensor.scalar_type());
    description->device_type = static_cast<int8_t>(device.type());
    description->device_index = static_cast<int8_t>(device.index());
    description->flags = static_cast<int8_t>((strided && tensor.is_contiguous()) | tensor.requires_grad() << 1 |
                                             tensor.is_sparse() << 2);
}

bool mos_tensor_shape(c10::TensorImpl* tensor, int64_t* sizes, int64_t* strides) {
    return guarded([&] {
        if (sizes) std::copy(tensor->sizes().begin(), tensor->sizes().end(), sizes);
        if (strides) std::copy(tensor->strides().begin(), tensor->strides().end(), strides);
    });
}

bool mos_tensor_data(c10::TensorImpl* tensor, void** data) {
    return guarded([&] { *data = tensor_of(tensor).data_ptr(); });
}

bool mos_tensor_is_leaf(c10::TensorImpl* tensor) {
    return guarded(false, [&] { return tensor_of(tensor).is_leaf(); });
}

bool mos_tensor_set_requires_grad(c10::TensorImpl* tensor, bool value) {
    return guarded([&] {
        auto shared = tensor_of(tensor);
        TORCH_CHECK(shared.is_leaf() || value, "requires_grad can be switched off on leaf tensors only; use detach()");
        shared.set_requires_grad(value);
    });
}

bool mos_tensor_grad(c10::TensorImpl* tensor, c10::TensorImpl** grad) {
    return guarded([&] { *grad = handle_of(tensor_of(tensor).grad()); });
}

bool mos_tensor_set_grad(c10::TensorImpl* tensor, c10::TensorImpl* grad) {
    return guarded([&] {
        auto owner = tensor_of(tensor);
        auto value = tensor_of(grad);
        TORCH_CHECK(!value.defined() || value.sizes() == owner.sizes(), "a gradient of shape ", value.sizes(),
                    " does not fit a tensor of shape ", owner.sizes());
        owner.mutable_grad() = value;
    });
}

bool mos_tensor_retain_grad(c10::TensorImpl* tensor) {
    return guarded([&] { tensor_of(tensor).retain_grad(); });
}
