// Runs a fuzz target without libFuzzer: a fixed number of mutations of its seeds, in an order that one number
// decides.
//
//     NAME_mutations [COUNT [SEED]]       an input that crashes is kept in the file "failure"
//     NAME_mutations --input FILE         runs one input
//     NAME_mutations --write-seeds DIR    the seeds as files: a corpus for libFuzzer

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target.h"

namespace {

// What most parsers have in blocks or records of; mutations that keep to it get further.
constexpr std::size_t block_size = 512;
constexpr unsigned most_mutations = 6;

using Random = std::mt19937_64;  // the standard says which numbers it gives, on every machine

std::size_t below(Random& random, std::size_t limit) {
  return limit == 0 ? 0 : random() % limit;
}

void change_a_byte(Random& random, std::string& input) {
  static constexpr std::string_view interesting("\0\x01\x7f\x80\xff/.\n0179 -Lx", 16);
  if (input.empty()) return;
  char& byte = input[below(random, input.size())];
  switch (random() % 3) {
    case 0:
      byte = static_cast<char>(byte ^ (1 << (random() % 8)));
      break;
    case 1:
      byte = static_cast<char>(random());
      break;
    default:
      byte = interesting[below(random, interesting.size())];
      break;
  }
}

void copy_a_run(Random& random, std::string& input) {
  if (input.empty()) return;
  const std::size_t from = below(random, input.size());
  const std::string run = input.substr(from, 1 + below(random, 64));
  input.replace(below(random, input.size()), run.size(), run);
}

void move_a_block(Random& random, std::string& input) {
  const std::size_t blocks = input.size() / block_size;
  if (blocks == 0) return;
  const std::size_t at = below(random, blocks) * block_size;
  const std::string block = input.substr(at, block_size);
  switch (random() % 3) {
    case 0:
      input.erase(at, block_size);
      break;
    case 1:
      input.insert(below(random, blocks) * block_size, block);
      break;
    default:
      std::fill_n(input.begin() + static_cast<std::ptrdiff_t>(at), block_size, '\0');
      break;
  }
}

std::string mutated(Random& random, const std::vector<std::string>& corpus) {
  std::string input = corpus[below(random, corpus.size())];
  const std::size_t mutations = 1 + below(random, most_mutations);
  for (std::size_t i = 0; i < mutations; ++i) {
    switch (random() % 8) {
      case 0:
        copy_a_run(random, input);
        break;
      case 1:
        move_a_block(random, input);
        break;
      case 2:
        if (random() % 4 == 0) input.resize(below(random, input.size() + 1));
        break;
      default:
        change_a_byte(random, input);
        break;
    }
  }
  return input;
}

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

int write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const std::string& seed : seeds()) {
    std::ofstream(folder / ("seed" + std::to_string(number++)), std::ios::binary) << seed;
  }
  return 0;
}

// Memory shared with the process that can crash, in any way that it likes: the input that it is at.
struct Current {
  std::size_t size;
  std::array<char, 1 << 20> bytes;
};

void run_noted(const std::string& input, Current& current) {
  current.size = std::min(input.size(), current.bytes.size());
  std::copy_n(input.begin(), current.size, current.bytes.begin());
  run(input);
}

void run_all(unsigned long count, unsigned long seed, Current& current) {
  const std::vector<std::string> corpus = seeds();
  for (const std::string& input : corpus) run_noted(input, current);
  Random random(seed);
  for (unsigned long i = 0; i < count; ++i) run_noted(mutated(random, corpus), current);
}

int supervise(unsigned long count, unsigned long seed) {
  void* page = ::mmap(nullptr, sizeof(Current), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return 1;
  auto& current = *static_cast<Current*>(page);
  const pid_t child = ::fork();
  if (child < 0) return 1;
  if (child == 0) {
    run_all(count, seed, current);
    std::exit(0);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return 1;
  if (status != 0) {
    std::ofstream("failure", std::ios::binary) << std::string_view(current.bytes.data(), current.size);
    std::fprintf(stderr, "failed: run it again with the arguments --input failure\n");
    return 1;
  }
  std::printf("%lu mutations, seed %lu: no failure\n", count, seed);
  return 0;
}

int run_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  run({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--write-seeds") return write_seeds(argv[2]);
  if (argc == 3 && std::string_view(argv[1]) == "--input") return run_file(argv[2]);
  const unsigned long count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  const unsigned long seed = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1;
  return supervise(count, seed);
}
