#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include "door.h"
#include "errors.h"
#include "handles.h"

bool mos_backward(c10::TensorImpl** tensors, int32_t count, c10::TensorImpl** gradients, int32_t gradient_count,
                  bool retain_graph, bool create_graph, c10::TensorImpl** inputs, int32_t input_count) {
    return guarded([&] {
        torch::autograd::backward(tensors_of(tensors, count), tensors_of(gradients, gradient_count), retain_graph,
                                  create_graph, tensors_of(inputs, input_count));
    });
}

bool mos_grad(c10::TensorImpl** outputs, int32_t output_count, c10::TensorImpl** inputs, int32_t input_count,
              c10::TensorImpl** gradients, int32_t gradient_count, bool retain_graph, bool create_graph,
              bool allow_unused, c10::TensorImpl** results) {
    return guarded([&] {
        auto found =
            torch::autograd::grad(tensors_of(outputs, output_count), tensors_of(inputs, input_count),
                                  tensors_of(gradients, gradient_count), retain_graph, create_graph, allow_unused);
        for (size_t i = 0; i < found.size(); i++) results[i] = handle_of(std::move(found[i]));
    });
}

bool mos_grad_mode() { return at::GradMode::is_enabled(); }

void mos_set_grad_mode(bool enabled) { at::GradMode::set_enabled(enabled); }

bool mos_inference_mode() { return c10::InferenceMode::is_enabled(); }

void* mos_inference_mode_enter(bool enabled) { return new c10::InferenceMode(enabled); }

void mos_inference_mode_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
