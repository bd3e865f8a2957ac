// An LSTM layer over a whole sequence on the CPU, forward and backward.
//
// gates[t] = x[t] W_ih^T + h[t-1] W_hh^T + b_ih + b_hh, in the order i, f, g, o;
// c[t] = sigmoid(f) c[t-1] + sigmoid(i) tanh(g);  h[t] = sigmoid(o) tanh(c[t]).
//
// What can be one product over all time steps is one: the inputs' share of the gates, and the gradients by the weights.
// The recurrent weights are laid out once for the products of the single steps, whose few rows would not pay for it.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "../optional.h"
#include "products.h"
#include "rows.h"
#include "transposed_sum.h"

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The steps of a sequence, each [B, size].
struct Steps {
    at::Tensor all;  // [T, B, size]

    Steps(int64_t count, int64_t batch, int64_t size, const at::Tensor& like)
        : all(at::empty({count, batch, size}, like.options())) {}
    explicit Steps(at::Tensor all) : all(std::move(all)) {}

    at::Tensor operator[](int64_t t) const { return all.select(0, t); }
    float* data(int64_t t) const { return all.data_ptr<float>() + t * all.stride(0); }
    at::Tensor flat() const { return all.view({-1, all.size(2)}); }
    at::Tensor flat(int64_t start, int64_t count) const { return Steps(all.narrow(0, start, count)).flat(); }
};

// Runs a pass for each row of a step.
template <typename Pass>
void for_each_row(int64_t rows, Pass pass) {
    at::parallel_for(0, rows, 1, [&](int64_t begin, int64_t end) {
        for (int64_t b = begin; b < end; b++) pass(b);
    });
}

struct Forward {
    Steps gates, cells, outputs;

    Forward(const at::Tensor& input, const at::Tensor& hidden, const at::Tensor& cell, const at::Tensor& weight_ih,
            const at::Tensor& weight_hh, const OptionalTensor& bias_ih, const OptionalTensor& bias_hh, bool bfloat16)
        : gates(input.size(0), input.size(1), weight_hh.size(0), input),
          cells(input.size(0), input.size(1), weight_hh.size(1), input),
          outputs(input.size(0), input.size(1), weight_hh.size(1), input) {
        const int64_t steps = input.size(0), batch = input.size(1), size = weight_hh.size(1);
        const at::Tensor x = Steps(input).flat();
        mos::PackedMatrix(weight_ih.t(), x.size(0), bfloat16).multiply(x, gates.flat());
        mos::PackedMatrix recurrent(weight_hh.t(), batch, bfloat16);
        const at::Tensor bias =
            bias_ih.has_value() ? bias_ih->add(*bias_hh) : at::zeros({4 * size}, input.options());
        const float* bias_data = bias.data_ptr<float>();
        for (int64_t t = 0; t < steps; t++) {
            recurrent.multiply(t == 0 ? hidden : outputs[t - 1], gates[t], true);
            const float* before = t == 0 ? cell.data_ptr<float>() : cells.data(t - 1);
            float *gate = gates.data(t), *after = cells.data(t), *output = outputs.data(t);
            for_each_row(batch, [&](int64_t b) {
                mos::row_passes().lstm_forward(gate + 4 * b * size, bias_data, before + b * size, after + b * size,
                                               output + b * size, size);
            });
        }
    }
};

struct Lstm : torch::autograd::Function<Lstm> {
    static variable_list forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& hidden,
                                 const at::Tensor& cell, const at::Tensor& weight_ih, const at::Tensor& weight_hh,
                                 const OptionalTensor& bias_ih, const OptionalTensor& bias_hh, bool bfloat16) {
        const Forward run(input, hidden, cell, weight_ih, weight_hh, bias_ih, bias_hh, bfloat16);
        context->save_for_backward({input, hidden, cell, weight_ih, weight_hh, run.gates.all, run.cells.all, run.outputs.all});
        context->saved_data["bfloat16"] = bfloat16;
        context->saved_data["bias"] = bias_ih.has_value();
        return {run.outputs.all, run.outputs[-1].clone(), run.cells[-1].clone()};
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor &input = saved[0], &hidden = saved[1], &cell = saved[2];
        const at::Tensor &weight_ih = saved[3], &weight_hh = saved[4];
        const Steps gates(saved[5]), cells(saved[6]), outputs(saved[7]);
        const bool bfloat16 = context->saved_data["bfloat16"].toBool();
        const int64_t steps = input.size(0), batch = input.size(1), size = weight_hh.size(1);

        const Steps grad_outputs(gradients[0].defined() ? gradients[0].contiguous() : at::zeros_like(outputs.all));
        // What comes back through a transposed h or c is transposed, and changed here in place.
        const auto rows_first = at::MemoryFormat::Contiguous;
        at::Tensor grad_hidden = gradients[1].defined() ? gradients[1].clone(rows_first) : at::zeros_like(hidden);
        at::Tensor grad_cell = gradients[2].defined() ? gradients[2].clone(rows_first) : at::zeros_like(cell);
        const Steps grad_gates(steps, batch, 4 * size, input);
        mos::PackedMatrix recurrent(weight_hh, batch, bfloat16);
        for (int64_t t = steps - 1; t >= 0; t--) {
            if (t < steps - 1) recurrent.multiply(grad_gates[t + 1], grad_hidden);
            grad_hidden.add_(grad_outputs[t]);
            const float* before = t == 0 ? cell.data_ptr<float>() : cells.data(t - 1);
            const float *gate = gates.data(t), *after = cells.data(t), *grad_h = grad_hidden.data_ptr<float>();
            float *grad_c = grad_cell.data_ptr<float>(), *grad_gate = grad_gates.data(t);
            for_each_row(batch, [&](int64_t b) {
                mos::row_passes().lstm_backward(gate + 4 * b * size, before + b * size, after + b * size,
                                                grad_h + b * size, grad_c + b * size, grad_gate + 4 * b * size, size);
            });
        }
        recurrent.multiply(grad_gates[0], grad_hidden);

        const at::Tensor rows = mos::factor(grad_gates.flat(), bfloat16);
        at::Tensor grad_input = at::empty_like(input);
        mos::PackedMatrix(weight_ih, rows.size(0), bfloat16).multiply(rows, Steps(grad_input).flat());
        at::Tensor grad_weight_ih = at::zeros_like(weight_ih), grad_weight_hh = at::zeros_like(weight_hh);
        mos::TransposedSum input_weight(grad_weight_ih), recurrent_weight(grad_weight_hh);
        input_weight.add(rows, mos::factor(Steps(input).flat(), bfloat16));
        recurrent_weight.add(rows.narrow(0, 0, batch), mos::factor(hidden, bfloat16));
        if (steps > 1)
            recurrent_weight.add(rows.narrow(0, batch, (steps - 1) * batch),
                                 mos::factor(outputs.flat(0, steps - 1), bfloat16));
        input_weight.finish();
        recurrent_weight.finish();
        const at::Tensor grad_bias = context->saved_data["bias"].toBool() ? grad_gates.flat().sum(0) : at::Tensor();
        return {grad_input, grad_hidden, grad_cell, grad_weight_ih, grad_weight_hh, grad_bias, grad_bias, {}};
    }
};

std::tuple<at::Tensor, at::Tensor, at::Tensor> lstm(const at::Tensor& input, const at::Tensor& hidden,
                                                    const at::Tensor& cell, const at::Tensor& weight_ih,
                                                    const at::Tensor& weight_hh, const OptionalTensor& bias_ih,
                                                    const OptionalTensor& bias_hh, bool bfloat16) {
    const variable_list results = Lstm::apply(input.contiguous(), hidden.contiguous(), cell.contiguous(),
                                              weight_ih.contiguous(), weight_hh.contiguous(), bias_ih, bias_hh, bfloat16);
    return {results[0], results[1], results[2]};
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(mos, library) {
    library.def(
        "lstm(Tensor input, Tensor hidden, Tensor cell, Tensor weight_ih, Tensor weight_hh, Tensor? bias_ih, Tensor? "
        "bias_hh, bool bfloat16) -> (Tensor, Tensor, Tensor)");
}

TORCH_LIBRARY_IMPL(mos, AutogradCPU, library) { library.impl("lstm", lstm); }
TORCH_LIBRARY_IMPL(mos, CPU, library) { library.impl("lstm", lstm); }
