// libtorch's float32 matrix products, by oneDNN. A libtorch that takes its BLAS from outside finds this sgemm_ before any
// other, because this library is looked at first. oneDNN generates its kernels for the processor at hand, where a BLAS knows
// those of its day, and it does not lay a matrix out anew for products with few rows.
#include <dnnl.h>

namespace {

// BLAS stores columns, oneDNN rows: the same memory is the transposed product with the factors exchanged.
char operation(const char* transposition) { return *transposition == 'N' || *transposition == 'n' ? 'N' : 'T'; }

}  // namespace

extern "C" __attribute__((visibility("default"))) void sgemm_(const char* trans_a, const char* trans_b, const int* m,
                                                              const int* n, const int* k, const float* alpha,
                                                              const float* a, const int* lda, const float* b,
                                                              const int* ldb, const float* beta, float* c,
                                                              const int* ldc) {
    dnnl_sgemm(operation(trans_b), operation(trans_a), *n, *m, *k, *alpha, b, *ldb, a, *lda, *beta, c, *ldc);
}
