// Streams and what is captured of them, for the parts of the emulation that enqueue.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "test/emulation/emulation.h"

namespace emulation {

// A place of a stream, which its work reaches some time.
struct Mark {
  EmulatedStream* stream;
  bool is_reached = false;
};

// What a stream does next, once it may.
struct Work {
  std::function<void()> work;
  std::shared_ptr<const Mark> after = nullptr;
};

}  // namespace emulation

struct EmulatedStream {
  int device;
  std::deque<emulation::Work> queue = {};
  // While it is captured: what is given to it, and whether that can be held.
  EmulatedGraph* captured = nullptr;
  bool is_spoilt = false;
};

namespace emulation {

// The stream, or the default one.
EmulatedStream* stream_of(cudaStream_t stream);

// Has a stream do work when its turn comes, and a mark, if there is one, is reached (streams.cpp).
cudaError_t enqueue(cudaStream_t stream, std::function<void()> work, std::shared_ptr<const Mark> after = nullptr);

// Takes work that a stream is given while it is captured; false if it is not (graphs.cpp).
bool capture(EmulatedStream* stream, const std::function<void()>& work);

// What a graph cannot hold spoils a capture; false if there is none.
bool spoil(EmulatedStream* stream);

}  // namespace emulation
