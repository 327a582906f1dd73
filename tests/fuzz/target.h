#pragma once
// What a fuzz target is: libFuzzer's function, and the seeds from which inputs are grown. Seeds are made when
// they are asked for, so no binary lies in the repository.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

std::vector<std::string> seeds();
