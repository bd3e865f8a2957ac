#include "errors.h"

#include <c10/util/Exception.h>

#include <cstdlib>

#include "door.h"

namespace {
thread_local std::string last_error;
}

void remember_error() noexcept {
    try {
        throw;
    } catch (const c10::Error& error) {
        last_error = error.what_without_backtrace();
    } catch (const std::exception& error) {
        last_error = error.what();
    } catch (...) {
        last_error = "An exception of an unknown type came out of libtorch.";
    }
}

const char* mos_error() { return last_error.c_str(); }

void mos_free(void* memory) { std::free(memory); }
