// For clang-tidy only: clang 16 announces concepts that are a little older than those which libstdc++ 12 asks
// for before it offers std::expected, but compiles it.
#pragma clang system_header
#undef __cpp_concepts
#define __cpp_concepts 202002L
