#include "rows.h"

namespace mos {

extern const RowPasses baseline;
#ifdef MOS_X86
extern const RowPasses avx2;
extern const RowPasses avx512;
#endif

const RowPasses& row_passes() {
#ifdef MOS_X86
    static const RowPasses& best = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") ? avx512
                                   : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")       ? avx2
                                                                                                           : baseline;
    return best;
#else
    return baseline;
#endif
}

}  // namespace mos
