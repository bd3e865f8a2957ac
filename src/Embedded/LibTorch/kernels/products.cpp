#include "products.h"

#ifdef MOS_ONEDNN
#include <dnnl.hpp>

#include <map>
#include <utility>

namespace mos {
namespace {

using dnnl::memory;

dnnl::engine& cpu() {
    static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

dnnl::stream& stream() {
    static thread_local dnnl::stream stream(cpu());
    return stream;
}

memory::data_type type_of(const at::Tensor& t) {
    return t.scalar_type() == at::kBFloat16 ? memory::data_type::bf16 : memory::data_type::f32;
}

memory::desc describe(const at::Tensor& t) {
    return {{t.size(0), t.size(1)}, type_of(t), memory::dims{t.stride(0), t.stride(1)}};
}

memory memory_of(const at::Tensor& t) { return {describe(t), cpu(), t.data_ptr()}; }

dnnl::matmul::primitive_desc product(const memory::desc& a, const memory::desc& b, const memory::desc& out,
                                     bool accumulate) {
    dnnl::primitive_attr attributes;
    if (accumulate) {
        dnnl::post_ops sum;
        sum.append_sum();
        attributes.set_post_ops(sum);
    }
    return {dnnl::matmul::desc(a, b, out), attributes, cpu()};
}

void execute(const dnnl::matmul& product, const memory& a, const memory& b, const memory& out) {
    product.execute(stream(), {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, out}});
}

}  // namespace

struct PackedMatrix::Layout {
    memory packed;
    std::map<std::pair<int64_t, bool>, dnnl::matmul> products;  // by rows and whether they accumulate

    Layout(const at::Tensor& b, int64_t rows, bool bfloat16) {
        const auto type = bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
        const memory::desc a({rows, b.size(0)}, type, memory::format_tag::ab);
        const memory::desc any({b.size(0), b.size(1)}, type, memory::format_tag::any);
        const memory::desc out({rows, b.size(1)}, memory::data_type::f32, memory::format_tag::ab);
        packed = memory(product(a, any, out, false).weights_desc(), cpu());
        memory whole = memory_of(b);
        dnnl::reorder(whole, packed).execute(stream(), whole, packed);
    }

    const dnnl::matmul& product_of(const at::Tensor& a, const at::Tensor& out, bool accumulate) {
        auto found = products.find({a.size(0), accumulate});
        if (found == products.end()) {
            const dnnl::matmul made(product(describe(a), packed.get_desc(), describe(out), accumulate));
            found = products.emplace(std::make_pair(a.size(0), accumulate), made).first;
        }
        return found->second;
    }
};

PackedMatrix::PackedMatrix(const at::Tensor& b, int64_t rows, bool bfloat16)
    : layout_(new Layout(b, rows, bfloat16)), bfloat16_(bfloat16) {}

void PackedMatrix::multiply(const at::Tensor& a, const at::Tensor& out, bool accumulate) {
    const at::Tensor rows = factor(a, bfloat16_);
    execute(layout_->product_of(rows, out, accumulate), memory_of(rows), layout_->packed, memory_of(out));
}

void add_transposed_product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& out) {
    const at::Tensor transposed = a.t();
    execute(dnnl::matmul(product(describe(transposed), describe(b), describe(out), true)), memory_of(transposed),
            memory_of(b), memory_of(out));
}

#else

namespace mos {

struct PackedMatrix::Layout {
    at::Tensor b;
};

PackedMatrix::PackedMatrix(const at::Tensor& b, int64_t, bool bfloat16)
    : layout_(new Layout{factor(b, bfloat16)}), bfloat16_(bfloat16) {}

void PackedMatrix::multiply(const at::Tensor& a, const at::Tensor& out, bool accumulate) {
    const at::Tensor rows = factor(a, bfloat16_);
    if (bfloat16_) {
        accumulate ? out.add_(at::mm(rows, layout_->b)) : out.copy_(at::mm(rows, layout_->b));
    } else {
        out.addmm_(rows, layout_->b, accumulate ? 1 : 0);
    }
}

void add_transposed_product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& out) {
    a.scalar_type() == at::kFloat ? out.addmm_(a.t(), b) : out.add_(at::mm(a.t(), b));
}

#endif

PackedMatrix::~PackedMatrix() = default;

at::Tensor factor(const at::Tensor& a, bool bfloat16) {
    return bfloat16 && a.scalar_type() != at::kBFloat16 ? a.to(at::kBFloat16) : a;
}

}  // namespace mos
