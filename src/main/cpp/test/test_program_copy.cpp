#include <cstring>

#include "test/cases.h"
#include "test/check.h"
#include "test/target.h"

TEST("a copy moves every bit and touches nothing else") {
  for (const int64_t dim : dims()) {
    for (const int64_t rows : {0, 1, 2, 7, 33}) {
      for (const int64_t shift : {0, 1, 3}) {
        std::mt19937_64 random(7);
        Arena arena;
        std::vector<int64_t> from, to;
        for (int64_t r = 0; r < rows; ++r) {
          from.push_back(arena.add_random_row(dim, shift, random));
          to.push_back(arena.add_row(dim, r % 2 == 0 ? shift : 0));
        }
        Arena expected = arena;
        for (size_t r = 0; r < from.size(); ++r) {
          std::memcpy(&expected.at(to[r]), &arena.at(from[r]), static_cast<size_t>(dim) * sizeof(float));
        }
        target().copy(arena, dim, from, to);
        CHECK(arena == expected, "rows %lld, dim %lld", static_cast<long long>(rows), static_cast<long long>(dim));
      }
    }
  }
}

TEST("one row may be the source of more rows than one launch takes") {
  std::mt19937_64 random(7);
  Arena arena;
  const std::vector<int64_t> from(1500, arena.add_random_row(5, 0, random));
  std::vector<int64_t> to;
  for (size_t r = 0; r < from.size(); ++r) {
    to.push_back(arena.add_row(5));
  }
  target().copy(arena, 5, from, to);
  for (size_t r = 0; r < to.size(); ++r) {
    CHECK(std::memcmp(&arena.at(to[r]), &arena.at(from[0]), 5 * sizeof(float)) == 0, "row %zu", r);
  }
}

TEST("a signalling NaN stays what it was") {
  constexpr uint32_t kSignalling = 0x7FA12345;
  Arena arena;
  const int64_t from = arena.add_row(4), to = arena.add_row(4);
  std::memcpy(&arena.at(from + 2), &kSignalling, sizeof kSignalling);
  target().copy(arena, 4, {from}, {to});
  uint32_t copied = 0;
  std::memcpy(&copied, &arena.at(to + 2), sizeof copied);
  CHECK(copied == kSignalling, "bits %x", copied);
}

TEST("a copy beside sums moves every bit") {
  constexpr uint32_t kBits[] = {0x80000000, 0x7FA12345, 0xFFFFFFFF, 0x00000001, 0x7F800000};
  for (const int64_t dim : {300, 5000}) {
    Arena arena;
    const int64_t from = arena.add_row(dim), to = arena.add_row(dim), summed = arena.add_row(dim);
    for (int64_t e = 0; e < dim; ++e) {
      std::memcpy(&arena.at(from + e), &kBits[e % 5], sizeof(float));
      arena.at(summed + e) = 1;
    }
    Program program(2);
    ProgramRow &copied = program[0], &squares = program[1];
    copied.kind = PARAFLUX_ROW_STORE | PARAFLUX_ROW_COPY;
    copied.out = to;
    copied.inputs = {from};
    copied.coefficients = {1};
    squares.kind = PARAFLUX_ROW_SQUARES;
    squares.inputs = {summed};
    squares.coefficients = {1};
    const std::vector<double> sums = target().run(arena, dim, program);
    CHECK(std::memcmp(&arena.at(to), &arena.at(from), static_cast<size_t>(dim) * sizeof(float)) == 0, "dim %lld",
          static_cast<long long>(dim));
    CHECK(sums[1] == static_cast<double>(dim), "dim %lld", static_cast<long long>(dim));
  }
}
