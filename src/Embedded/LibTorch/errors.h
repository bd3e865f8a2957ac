#pragma once

#include <exception>
#include <string>
#include <utility>

// Keeps the text of the exception being handled for mos_error().
void remember_error() noexcept;

// Runs `body`; on any exception remembers its text and returns `failed` instead.
template <typename Result, typename Body>
Result guarded(Result failed, Body&& body) noexcept {
    try {
        return body();
    } catch (...) {
        remember_error();
        return failed;
    }
}

// The same for a body without a result: true when it went through.
template <typename Body>
bool guarded(Body&& body) noexcept {
    return guarded(false, [&] {
        body();
        return true;
    });
}
