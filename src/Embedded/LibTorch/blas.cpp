// libtorch's float32 matrix products, by oneDNN. A libtorch that takes its BLAS from outside finds this sgemm_ before any
// other, because this library is looked at first. oneDNN generates its kernels for the processor at hand, where a BLAS knows
// those of its day, and it does not lay a matrix out anew for products with few rows.
#include <dlfcn.h>
#include <dnnl.h>

#include "door.h"

namespace {

using Product = void(const char*, const char*, const int*, const int*, const int*, const float*, const float*,
                     const int*, const float*, const int*, const float*, float*, const int*);

// BLAS stores columns, oneDNN rows: the same memory is the transposed product with the factors exchanged.
char operation(const char* transposition) { return *transposition == 'N' || *transposition == 'n' ? 'N' : 'T'; }

}  // namespace

MOS_API void sgemm_(const char* trans_a, const char* trans_b, const int* m, const int* n, const int* k,
                    const float* alpha, const float* a, const int* lda, const float* b, const int* ldb,
                    const float* beta, float* c, const int* ldc) {
    static const auto blas = mos_is_tuned() ? nullptr : reinterpret_cast<Product*>(dlsym(RTLD_NEXT, "sgemm_"));
    if (blas)
        blas(trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    else
        dnnl_sgemm(operation(trans_b), operation(trans_a), *n, *m, *k, *alpha, b, *ldb, a, *lda, *beta, c, *ldc);
}
