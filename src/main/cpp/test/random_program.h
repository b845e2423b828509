// Programs of random rows of all kinds, on few buffers, so that rows read and overwrite what rows before them stored.
#pragma once

#include <limits>

#include "test/program.h"

constexpr int64_t kFinishes[] = {0, PARAFLUX_ROW_BLEND, PARAFLUX_ROW_CLAMP};
constexpr double kUnlimited = std::numeric_limits<double>::infinity();
constexpr int64_t kSums[] = {0, PARAFLUX_ROW_SQUARES, PARAFLUX_ROW_TOTAL, PARAFLUX_ROW_COMPARE};

// A program of so many rows on few buffers, so that rows read and overwrite what rows before them stored.
struct RandomProgram {
  Arena arena;
  Program program;
  std::vector<int64_t> pool;
  std::mt19937_64 random;

  RandomProgram(int64_t rows, int64_t dim, int64_t buffers, uint64_t seed, bool odd) : random(seed) {
    for (int64_t i = 0; i < buffers; ++i) {
      pool.push_back(arena.add_random_row(dim, odd ? static_cast<int64_t>(random() % 8) : 0, random));
    }
    while (static_cast<int64_t>(program.size()) < rows) {
      program.push_back(row());
    }
  }

  int64_t any() { return pool[random() % pool.size()]; }

  ProgramRow row() {
    ProgramRow made;
    std::uniform_real_distribution<double> coefficient(-0.7, 0.7);
    const bool stored = random() % 4 != 0;
    made.kind = stored ? PARAFLUX_ROW_STORE : 0;
    if (stored && random() % 5 == 0) {
      made.kind |= PARAFLUX_ROW_COPY;
      made.out = any();
      made.inputs = {any()};
      made.coefficients = {1e300};
      while (made.inputs[0] == made.out) {
        made.inputs[0] = any();
      }
      return made;
    }
    made.kind |= stored ? kFinishes[random() % 3] | kSums[random() % 4] : kSums[1 + random() % 2];
    made.out = stored ? any() : -1;
    const size_t terms = random() % PARAFLUX_MAX_TERMS + 1;
    while (made.inputs.size() < terms) {
      made.inputs.push_back(any());
      made.coefficients.push_back(coefficient(random));
    }
    if ((made.kind & PARAFLUX_ROW_COMPARE) != 0) {
      made.before = random() % 2 == 0 ? made.out : any();
      made.seen_low = random() % 3 == 0 ? -kUnlimited : -1;
      made.seen_high = random() % 3 == 0 ? kUnlimited : 0.75;
    }
    if ((made.kind & PARAFLUX_ROW_BLEND) != 0) {
      made.mask = any();
      made.known = any();
    }
    if ((made.kind & PARAFLUX_ROW_CLAMP) != 0) {
      made.low = random() % 3 == 0 ? -kUnlimited : -0.9;
      made.high = random() % 3 == 0 ? kUnlimited : 1.3;
      made.divisor = 1.7;
    }
    return made;
  }
};
