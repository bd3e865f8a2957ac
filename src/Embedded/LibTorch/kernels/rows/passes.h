// The passes of one instruction set; what they do is said in ../rows.h.
#pragma once

#include <cstdint>

namespace mos::instructions::MOS_INSTRUCTIONS {

void exponentiate(float* z, const float* bias, int64_t size, float* maximum, float* sum);
void exponentiate_sigmoid(float* z, const float* bias, int64_t size, float* maximum, float* sum);
void differentiate_sigmoid(float* exponentials, float maximum, int64_t size);
void scale(float* z, float factor, int64_t size, float* column_sums);
void scale_to_bfloat16(const float* z, float factor, int64_t size, float* column_sums, uint16_t* rounded);
void lstm_forward(float* gates, const float* bias, const float* cell_before, float* cell, float* hidden, int64_t cells);
void lstm_backward(const float* gates, const float* cell_before, const float* cell, const float* grad_hidden,
                   float* grad_cell, float* grad_gates, int64_t cells);
void dropout(uint64_t seed, uint64_t sequence, uint32_t dropped, float kept, float* mask, int64_t size);

}  // namespace mos::instructions::MOS_INSTRUCTIONS
