#include "../rows.h"
#include "passes.h"

namespace mos {

namespace here = instructions::MOS_INSTRUCTIONS;

extern const RowPasses MOS_INSTRUCTIONS{
    here::exponentiate,      here::exponentiate_sigmoid, here::differentiate_sigmoid, here::scale,
    here::scale_to_bfloat16, here::lstm_forward,         here::lstm_backward,         here::dropout};

}  // namespace mos
