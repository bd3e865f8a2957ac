#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include <mutex>

#include "door.h"
#include "errors.h"
#include "handles.h"

namespace {

at::Generator default_generator(int32_t device_type, int32_t device_index) {
    return at::globalContext().defaultGenerator(
        c10::Device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index)));
}

// A generator may be drawn from by operators on other threads, which lock it too.
template <typename Body>
bool with_generator(c10::GeneratorImpl* handle, Body&& body) {
    return guarded([&] {
        auto generator = generator_of(handle);
        std::lock_guard<std::mutex> lock(generator.mutex());
        body(generator);
    });
}

}  // namespace

bool mos_generator_create(int32_t device_type, int32_t device_index, c10::GeneratorImpl** result) {
    return guarded([&] {
        // A clone serves every device without that device's headers.
        auto source = default_generator(device_type, device_index);
        std::lock_guard<std::mutex> lock(source.mutex());
        *result = source.clone().unsafeReleaseGeneratorImpl();
    });
}

bool mos_generator_default(int32_t device_type, int32_t device_index, c10::GeneratorImpl** result) {
    return guarded([&] { *result = default_generator(device_type, device_index).unsafeReleaseGeneratorImpl(); });
}

void mos_generator_release(c10::GeneratorImpl* generator) {
    c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(generator);
}

bool mos_generator_set_seed(c10::GeneratorImpl* handle, uint64_t seed) {
    return with_generator(handle, [&](at::Generator& generator) { generator.set_current_seed(seed); });
}

bool mos_generator_new_seed(c10::GeneratorImpl* handle, uint64_t* seed) {
    return with_generator(handle, [&](at::Generator& generator) { *seed = generator.seed(); });
}

uint64_t mos_generator_seed(c10::GeneratorImpl* handle) { return handle->current_seed(); }

bool mos_generator_state(c10::GeneratorImpl* handle, c10::TensorImpl** state) {
    return with_generator(handle, [&](at::Generator& generator) { *state = handle_of(generator.get_state()); });
}

bool mos_generator_set_state(c10::GeneratorImpl* handle, c10::TensorImpl* state) {
    return with_generator(handle, [&](at::Generator& generator) { generator.set_state(tensor_of(state)); });
}
