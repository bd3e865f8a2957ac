// The door to libtorch: a C ABI through which a managed program calls any operator by its schema name.
//
// Handles are raw pointers that own one reference: a tensor is a c10::TensorImpl*, a generator a c10::GeneratorImpl*.
// The caller releases each handle once. Functions that can fail return false (or -1) and leave a text for mos_error();
// no exception leaves this library.
#pragma once

#include <c10/core/GeneratorImpl.h>
#include <c10/core/TensorImpl.h>

#include <cstdint>

#define MOS_API extern "C" __attribute__((visibility("default")))

enum class Tag : int32_t {
    None,
    Tensor,
    Int,  // also dtype, layout and memory format, which are numbers in a schema
    Double,
    Bool,
    String,           // pointer to UTF-8 text of `length` bytes
    Device,           // type in the low half of `bits`, index in the high one
    IntList,          // pointer to int64 of `length` elements
    DoubleList,       // pointer to double
    TensorList,       // pointer to tensor handles; a result's array is released by mos_free
    OptionalTensors,  // the same, with null for an absent tensor
    Generator,
    Default,  // leaves the argument at the default of its schema
};

// One argument or result of an operator. `length` of a result tensor is the memory it brought with it, in KiB.
struct Value {
    Tag tag;
    int32_t length;
    union {
        int64_t bits;
        double number;
        void* pointer;
    };
};

// What a managed program asks a tensor most, in one call.
struct Description {
    int64_t elements;
    int64_t element_size;
    int64_t storage_offset;
    int32_t dimensions;
    int8_t dtype;
    int8_t device_type;
    int8_t device_index;
    int8_t flags;  // 1 contiguous, 2 requires grad, 4 sparse
};

struct Operator;

MOS_API const char* mos_error();
MOS_API void mos_free(void* memory);
MOS_API bool mos_is_tuned();
MOS_API void mos_keep_memory();

MOS_API bool mos_operator_find(const char* name, const char* overload, const Operator** found);
MOS_API int32_t mos_operator_call(const Operator* op, const Value* arguments, int32_t count, Value* results,
                                  int32_t capacity);

MOS_API bool mos_tensor_from_memory(const void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype,
                                    c10::TensorImpl** result);
MOS_API void mos_tensor_release(c10::TensorImpl* tensor);
MOS_API void mos_tensor_describe(c10::TensorImpl* tensor, Description* description);
MOS_API bool mos_tensor_shape(c10::TensorImpl* tensor, int64_t* sizes, int64_t* strides);
MOS_API bool mos_tensor_data(c10::TensorImpl* tensor, void** data);
MOS_API bool mos_tensor_is_leaf(c10::TensorImpl* tensor);
MOS_API bool mos_tensor_set_requires_grad(c10::TensorImpl* tensor, bool value);
MOS_API bool mos_tensor_grad(c10::TensorImpl* tensor, c10::TensorImpl** grad);
MOS_API bool mos_tensor_set_grad(c10::TensorImpl* tensor, c10::TensorImpl* grad);
MOS_API bool mos_tensor_retain_grad(c10::TensorImpl* tensor);

MOS_API bool mos_backward(c10::TensorImpl** tensors, int32_t count, c10::TensorImpl** gradients, int32_t gradient_count,
                          bool retain_graph, bool create_graph, c10::TensorImpl** inputs, int32_t input_count);
MOS_API bool mos_grad(c10::TensorImpl** outputs, int32_t output_count, c10::TensorImpl** inputs, int32_t input_count,
                      c10::TensorImpl** gradients, int32_t gradient_count, bool retain_graph, bool create_graph,
                      bool allow_unused, c10::TensorImpl** results);
MOS_API bool mos_grad_mode();
MOS_API void mos_set_grad_mode(bool enabled);
MOS_API bool mos_inference_mode();
MOS_API void* mos_inference_mode_enter(bool enabled);
MOS_API void mos_inference_mode_leave(void* guard);

MOS_API bool mos_generator_create(int32_t device_type, int32_t device_index, c10::GeneratorImpl** result);
MOS_API bool mos_generator_default(int32_t device_type, int32_t device_index, c10::GeneratorImpl** result);
MOS_API void mos_generator_release(c10::GeneratorImpl* generator);
MOS_API bool mos_generator_set_seed(c10::GeneratorImpl* generator, uint64_t seed);
MOS_API bool mos_generator_new_seed(c10::GeneratorImpl* generator, uint64_t* seed);
MOS_API uint64_t mos_generator_seed(c10::GeneratorImpl* generator);
MOS_API bool mos_generator_state(c10::GeneratorImpl* generator, c10::TensorImpl** state);
MOS_API bool mos_generator_set_state(c10::GeneratorImpl* generator, c10::TensorImpl* state);

MOS_API int32_t mos_threads();
MOS_API bool mos_set_threads(int32_t count);
MOS_API int32_t mos_interop_threads();
MOS_API bool mos_set_interop_threads(int32_t count);
MOS_API int32_t mos_default_dtype();
MOS_API bool mos_set_default_dtype(int32_t dtype);
MOS_API int32_t mos_cuda_device_count();
MOS_API bool mos_cuda_has_cudnn();
MOS_API bool mos_cuda_synchronize(int32_t index);
MOS_API const char* mos_version();
MOS_API const char* mos_blas();
