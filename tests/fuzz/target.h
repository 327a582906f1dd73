#pragma once
// What a fuzz target is: libFuzzer's function, and the seeds from which inputs are grown. Seeds are made when
// they are asked for, so no binary lies in the repository.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

std::vector<std::string> seeds();

// What has to hold whatever the input is.
inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}
