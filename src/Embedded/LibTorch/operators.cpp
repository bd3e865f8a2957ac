#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

#include <cstdlib>
#include <deque>
#include <mutex>

#include "door.h"
#include "errors.h"
#include "handles.h"
#include "optional.h"

namespace {

const char* const tag_names[] = {"None",
                                 "a tensor",
                                 "an integer",
                                 "a float",
                                 "a boolean",
                                 "a string",
                                 "a device",
                                 "a list of integers",
                                 "a list of floats",
                                 "a list of tensors",
                                 "a list of optional tensors",
                                 "a generator",
                                 "the default"};

constexpr uint32_t bit(Tag tag) { return 1u << static_cast<int32_t>(tag); }

// The tags an argument of this type takes. The boxed calling convention trusts its caller, so this is where a wrong
// argument is noticed.
uint32_t accepted_tags(const c10::Type& type) {
    switch (type.kind()) {
        case c10::TypeKind::TensorType:
            return bit(Tag::Tensor);
        case c10::TypeKind::OptionalType:
            return bit(Tag::None) | accepted_tags(*type.containedType(0));
        case c10::TypeKind::NumberType:
            return bit(Tag::Int) | bit(Tag::Double) | bit(Tag::Bool);
        case c10::TypeKind::FloatType:
            return bit(Tag::Double) | bit(Tag::Int);
        case c10::TypeKind::BoolType:
            return bit(Tag::Bool);
        case c10::TypeKind::StringType:
            return bit(Tag::String);
        case c10::TypeKind::DeviceObjType:
            return bit(Tag::Device);
        case c10::TypeKind::GeneratorType:
            return bit(Tag::Generator);
        case c10::TypeKind::ListType:
            switch (type.containedType(0)->kind()) {
                case c10::TypeKind::FloatType:
                    return bit(Tag::DoubleList);
                case c10::TypeKind::TensorType:
                    return bit(Tag::TensorList);
                case c10::TypeKind::OptionalType:
                    return bit(Tag::OptionalTensors);
                default:
                    return bit(Tag::IntList);
            }
        default:
            return bit(Tag::Int);  // integers, symbolic integers, dtype, layout, memory format
    }
}

bool is_float(const c10::Type& type) {
    if (type.kind() == c10::TypeKind::OptionalType) return is_float(*type.containedType(0));
    return type.kind() == c10::TypeKind::FloatType;
}

c10::IValue to_ivalue(const Value& value, bool as_double) {
    switch (value.tag) {
        case Tag::Tensor:
            return tensor_of(static_cast<c10::TensorImpl*>(value.pointer));
        case Tag::Int:
            return as_double ? c10::IValue(static_cast<double>(value.bits)) : c10::IValue(value.bits);
        case Tag::Double:
            return value.number;
        case Tag::Bool:
            return value.bits != 0;
        case Tag::String:
            return std::string(static_cast<const char*>(value.pointer), value.length);
        case Tag::Device:
            return c10::Device(static_cast<c10::DeviceType>(static_cast<int32_t>(value.bits)),
                               static_cast<c10::DeviceIndex>(value.bits >> 32));
        case Tag::IntList:
            return at::IntArrayRef(static_cast<const int64_t*>(value.pointer), value.length);
        case Tag::DoubleList: {
            auto numbers = static_cast<const double*>(value.pointer);
            return std::vector<double>(numbers, numbers + value.length);
        }
        case Tag::TensorList:
            return tensors_of(static_cast<c10::TensorImpl**>(value.pointer), value.length);
        case Tag::OptionalTensors: {
            c10::List<OptionalTensor> list;
            list.reserve(value.length);
            auto handles = static_cast<c10::TensorImpl**>(value.pointer);
            for (int32_t i = 0; i < value.length; i++)
                list.push_back(handles[i] ? OptionalTensor(tensor_of(handles[i])) : OptionalTensor());
            return list;
        }
        case Tag::Generator:
            return generator_of(static_cast<c10::GeneratorImpl*>(value.pointer));
        default:
            return {};
    }
}

// A result that is no view and no argument handed back brings new memory, as does the only owner of a storage.
int32_t new_kib(const at::Tensor& tensor, bool fresh) {
    if (!tensor.defined() || !tensor.has_storage() || !(fresh || tensor.storage().use_count() == 1)) return 0;
    return static_cast<int32_t>(std::min<size_t>(tensor.storage().nbytes() >> 10, INT32_MAX));
}

Value to_value(c10::IValue&& result, bool fresh) {
    Value value{Tag::None, 0, {0}};
    if (result.isTensor()) {
        auto tensor = std::move(result).toTensor();
        value.tag = Tag::Tensor;
        value.length = new_kib(tensor, fresh);
        value.pointer = handle_of(std::move(tensor));
    } else if (result.isInt()) {
        value.tag = Tag::Int;
        value.bits = result.toInt();
    } else if (result.isDouble()) {
        value.tag = Tag::Double;
        value.number = result.toDouble();
    } else if (result.isBool()) {
        value.tag = Tag::Bool;
        value.bits = result.toBool();
    } else if (result.isTensorList()) {
        auto tensors = result.toTensorVector();
        auto handles = static_cast<void**>(std::malloc(sizeof(void*) * std::max<size_t>(tensors.size(), 1)));
        for (size_t i = 0; i < tensors.size(); i++) handles[i] = handle_of(std::move(tensors[i]));
        value.tag = Tag::TensorList;
        value.length = static_cast<int32_t>(tensors.size());
        value.pointer = handles;
    } else {
        TORCH_CHECK(result.isNone(), "a result of type ", result.tagKind(), " has no managed counterpart");
    }
    return value;
}

}  // namespace

// An operator with what its schema says about arguments, worked out once.
struct Operator {
    struct Parameter {
        uint32_t accepted;
        bool is_float;
    };

    explicit Operator(c10::OperatorHandle handle) : handle(std::move(handle)) {
        for (const auto& argument : schema().arguments())
            parameters.push_back({accepted_tags(*argument.type()), is_float(*argument.type())});
        for (const auto& result : schema().returns()) fresh.push_back(result.alias_info() == nullptr);
    }

    const c10::FunctionSchema& schema() const { return handle.schema(); }

    void push(c10::Stack& stack, const Value* arguments, size_t count) const {
        TORCH_CHECK(count <= parameters.size(), count, " arguments were given");
        for (size_t i = 0; i < parameters.size(); i++) {
            if (i < count && arguments[i].tag != Tag::Default) {
                if (!(parameters[i].accepted & bit(arguments[i].tag))) reject(i, arguments[i].tag);
                stack.push_back(to_ivalue(arguments[i], parameters[i].is_float));
            } else {
                const auto& argument = schema().arguments()[i];
                TORCH_CHECK(argument.default_value(), "argument '", argument.name(), "' is missing");
                stack.push_back(*argument.default_value());
            }
        }
    }

    [[noreturn]] void reject(size_t i, Tag tag) const {
        const auto& argument = schema().arguments()[i];
        TORCH_CHECK(false, "argument '", argument.name(), "' is ", tag_names[static_cast<int32_t>(tag)], ", not ",
                    argument.type()->str());
        std::abort();
    }

    c10::OperatorHandle handle;
    std::vector<Parameter> parameters;
    std::vector<bool> fresh;
};

bool mos_operator_find(const char* name, const char* overload, const Operator** found) {
    return guarded([&] {
        auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(handle, "libtorch ", TORCH_VERSION, " has no operator ", name, *overload ? "." : "", overload);
        // Operators live as long as the process: the managed side keeps their addresses in static fields.
        static std::mutex mutex;
        static std::deque<Operator> operators;
        std::lock_guard<std::mutex> lock(mutex);
        *found = &operators.emplace_back(*handle);
    });
}

int32_t mos_operator_call(const Operator* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
    // One stack a thread saves an allocation; taking it away while it is in use keeps a nested call possible.
    static thread_local c10::Stack spare;
    return guarded(-1, [&] {
        auto stack = std::move(spare);
        stack.clear();
        try {
            op->push(stack, arguments, count);
        } catch (const c10::Error& error) {
            TORCH_CHECK(false, error.what_without_backtrace(), "; the schema is ", op->schema());
        }
        try {
            op->handle.callBoxed(&stack);
        } catch (const c10::Error& error) {
            TORCH_CHECK(false, op->schema().name(), ": ", error.what_without_backtrace());
        }
        auto returned = static_cast<int32_t>(stack.size());
        if (capacity > 0) {
            TORCH_CHECK(returned == capacity, "the schema ", op->schema(), " returns ", returned, " values, not ",
                        capacity);
            for (int32_t i = 0; i < returned; i++) results[i] = to_value(std::move(stack[i]), op->fresh[i]);
        }
        stack.clear();
        spare = std::move(stack);
        return returned;
    });
}
