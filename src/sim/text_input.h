#pragma once
// Lines of text from a descriptor that the program does not own (standard input): a terminal, a pipe, a file
// or /dev/null. Its end is no event: the program goes on without. A line of more than largest_line bytes is
// cut there. Lives at least as long as the io_context runs.

#include <functional>
#include <string>
#include <string_view>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

namespace pizwg::sim {

class TextInput {
 public:
  static constexpr std::size_t largest_line = 1024;

  TextInput(asio::io_context& io, int fd, std::function<void(std::string_view)> on_line);
  ~TextInput() { descriptor_.release(); }
  TextInput(const TextInput&) = delete;
  TextInput& operator=(const TextInput&) = delete;

 private:
  void wait();
  void read_once();
  void split(std::string_view bytes);

  asio::posix::stream_descriptor descriptor_;
  std::function<void(std::string_view)> on_line_;
  std::string line_;
};

}  // namespace pizwg::sim
