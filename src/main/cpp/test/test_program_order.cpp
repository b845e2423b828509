// Programs of rows of all kinds that ask of each other.
#include <cfloat>
#include <cmath>
#include <limits>

#include "test/cases.h"
#include "test/check.h"
#include "test/random_program.h"
#include "test/target.h"

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Literally row_program.h.
struct Expected {
  Arena arena;
  std::vector<double> sums;

  Expected(const Arena& before, int64_t dim, const Program& program) : arena(before) {
    for (const ProgramRow& row : program) {
      sums.push_back(run(dim, row));
    }
  }

 private:
  double at(int64_t place) const { return static_cast<double>(arena.at(place)); }

  static double seen(const ProgramRow& row, double value) {
    return value < row.seen_low ? row.seen_low : value > row.seen_high ? row.seen_high : value;
  }

  float stored(const ProgramRow& row, double value, int64_t e) const {
    if ((row.kind & PARAFLUX_ROW_COPY) != 0) {
      return arena.at(row.inputs[0] + e);
    }
    if ((row.kind & PARAFLUX_ROW_BLEND) != 0) {
      return static_cast<float>(at(row.mask + e) * value + (1 - at(row.mask + e)) * at(row.known + e));
    }
    if ((row.kind & PARAFLUX_ROW_CLAMP) != 0) {
      const double clamped = value < row.low ? row.low : value > row.high ? row.high : value;
      return static_cast<float>((std::isfinite(value) ? clamped : value) / row.divisor);
    }
    return static_cast<float>(value);
  }

  double run(int64_t dim, const ProgramRow& row) {
    std::vector<double> values, before;
    for (int64_t e = 0; e < dim; ++e) {
      double value = row.coefficients[0] * at(row.inputs[0] + e);
      for (size_t k = 1; k < row.inputs.size(); ++k) {
        value += row.coefficients[k] * at(row.inputs[k] + e);
      }
      values.push_back(value);
      before.push_back((row.kind & PARAFLUX_ROW_COMPARE) != 0 ? at(row.before + e) : 0);
    }
    for (int64_t e = 0; e < dim && (row.kind & PARAFLUX_ROW_STORE) != 0; ++e) {
      arena.at(row.out + e) = stored(row, values[static_cast<size_t>(e)], e);
    }
    if (!has_sum(row)) {
      return kUntouched;
    }
    return sum_in_order(dim, [&](int64_t e) {
      const double value = values[static_cast<size_t>(e)];
      return (row.kind & PARAFLUX_ROW_SQUARES) != 0 ? value * value
             : (row.kind & PARAFLUX_ROW_TOTAL) != 0
                 ? value
                 : std::fabs(seen(row, at(row.out + e)) - seen(row, before[static_cast<size_t>(e)]));
    });
  }
};

#define SAME(given, expected, sums, ...)           \
  CHECK((given) == (expected).arena, __VA_ARGS__); \
  CHECK(same_bits(sums, (expected).sums), __VA_ARGS__)

}  // namespace

TEST("rows that read and overwrite each other's outputs give the bits of running them one by one") {
  uint64_t seed = 0;
  for (const int64_t dim : dims()) {
    for (const int64_t rows : {1, 2, 7, 40}) {
      for (const int64_t buffers : {2, 5, 30}) {
        for (const bool odd : {false, true}) {
          if (rows * dim <= 300000) {
            RandomProgram given(rows, dim, buffers, ++seed, odd);
            const Expected expected(given.arena, dim, given.program);
            const std::vector<double> sums = target().run(given.arena, dim, given.program);
            SAME(given.arena, expected, sums, "dim %lld, rows %lld, buffers %lld, seed %llu",
                 static_cast<long long>(dim), static_cast<long long>(rows), static_cast<long long>(buffers),
                 static_cast<unsigned long long>(seed));
          }
        }
      }
    }
  }
}

TEST("every kind of row has the bits of the header's formula, with every number of terms") {
  for (const int64_t dim : {1, 63, 256, 300, 4099}) {
    for (const int64_t finish : kFinishes) {
      for (const int64_t sum : kSums) {
        for (size_t terms = 1; terms <= PARAFLUX_MAX_TERMS; ++terms) {
          RandomProgram given(0, dim, 14, terms, dim % 2 == 1);
          ProgramRow row;
          row.kind = PARAFLUX_ROW_STORE | finish | sum;
          row.out = given.pool[0];
          for (size_t k = 0; k < terms; ++k) {
            row.inputs.push_back(given.pool[1 + k]);
            row.coefficients.push_back(0.5 + static_cast<double>(k));
          }
          row.before = given.pool[11];
          row.mask = given.pool[12];
          row.known = given.pool[13];
          row.seen_low = row.low = -1;
          row.seen_high = row.high = 2;
          row.divisor = 2;
          given.program.push_back(row);
          const Expected expected(given.arena, dim, given.program);
          const std::vector<double> sums = target().run(given.arena, dim, given.program);
          SAME(given.arena, expected, sums, "dim %lld, kind %llx, terms %zu", static_cast<long long>(dim),
               static_cast<unsigned long long>(row.kind), terms);
        }
      }
    }
  }
}

TEST("every target gives the bits of the host's baseline") {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const int64_t dim = dims()[seed % dims().size()];
    RandomProgram given(9, dim, 4, seed, seed % 2 == 0);
    Arena baseline = given.arena;
    const std::vector<double> expected = make_baseline()->run(baseline, dim, given.program);
    const std::vector<double> sums = target().run(given.arena, dim, given.program);
    CHECK(given.arena == baseline && same_bits(sums, expected), "dim %lld", static_cast<long long>(dim));
  }
}

TEST("a chain of updates longer than one launch takes goes on where it was") {
  for (const int64_t dim : {5, 257, 5000}) {
    RandomProgram given(dim > 1000 ? 300 : 1500, dim, 6, 11, true);
    const Expected expected(given.arena, dim, given.program);
    const std::vector<double> sums = target().run(given.arena, dim, given.program);
    SAME(given.arena, expected, sums, "dim %lld", static_cast<long long>(dim));
  }
}

TEST("whatever a row touches may begin where it cannot be read wide") {
  std::mt19937_64 random(5);
  for (const int64_t dim : {5, 16, 300}) {
    // The one that does: where it goes, what it is of, the mask, or what is known.
    for (int64_t odd = 0; odd < 4; ++odd) {
      Arena arena;
      int64_t places[4];
      for (int64_t k = 0; k < 4; ++k) {
        places[k] = arena.add_random_row(dim, k == odd ? 3 : 0, random);
      }
      ProgramRow row;
      row.kind = PARAFLUX_ROW_STORE | PARAFLUX_ROW_BLEND;
      row.out = places[0];
      row.inputs = {places[1]};
      row.coefficients = {0.5};
      row.mask = places[2];
      row.known = places[3];
      const Program program(1, row);
      const Expected expected(arena, dim, program);
      const std::vector<double> sums = target().run(arena, dim, program);
      SAME(arena, expected, sums, "dim %lld, %lld", static_cast<long long>(dim), static_cast<long long>(odd));
    }
  }
}

TEST("a blend is exactly what is known where the mask is 0 and the model's where it is 1, and stays not finite") {
  for (const float poison : {1.0F, kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
    Arena arena;
    std::mt19937_64 random(3);
    const int64_t out = arena.add_row(300), model = arena.add_random_row(300, 0, random),
                  known = arena.add_random_row(300, 0, random), mask = arena.add_row(300);
    for (int64_t e = 0; e < 300; ++e) {
      arena.at(mask + e) = static_cast<float>(e % 2);
    }
    arena.at(model + 100) = poison;
    arena.at(model + 101) = poison;
    ProgramRow row;
    row.kind = PARAFLUX_ROW_STORE | PARAFLUX_ROW_BLEND;
    row.out = out;
    row.inputs = {model};
    row.coefficients = {1};
    row.mask = mask;
    row.known = known;
    target().run(arena, 300, {row});
    for (int64_t e = 0; e < 300; ++e) {
      const float value = arena.at(out + e);
      if ((e == 100 || e == 101) && poison != 1) {
        CHECK(!std::isfinite(value), "element %lld", static_cast<long long>(e));
      } else {
        CHECK(value == arena.at((e % 2 == 0 ? known : model) + e), "element %lld", static_cast<long long>(e));
      }
    }
  }
}

TEST("a clamp cuts off and divides what is finite, and what is not stays so") {
  struct Cut {
    float value;
    double low, high, divisor;
    float expected;
  };
  constexpr float kLargest = std::numeric_limits<float>::max();
  for (const Cut& cut :
       {Cut{3, -2, 2, 2, 1}, Cut{-3, -2, 2, 2, -1}, Cut{1, -2, 2, 2, 0.5F}, Cut{-0.0F, -1, 1, 1, -0.0F},
        Cut{kInfinity, -1, 1, 1, kInfinity}, Cut{-kInfinity, -1, 1, 4, -kInfinity}, Cut{kLargest, -1, 1, 1, 1},
        Cut{5, -DBL_MAX, DBL_MAX, 5, 1}, Cut{7, 7, 7, 7, 1}}) {
    for (const int64_t dim : {1, 5, 256, 301}) {
      Arena arena;
      const int64_t in = arena.add_row(dim), out = arena.add_row(dim, 1);
      for (int64_t e = 0; e < dim; ++e) {
        arena.at(in + e) = cut.value;
      }
      ProgramRow row;
      row.kind = PARAFLUX_ROW_STORE | PARAFLUX_ROW_CLAMP;
      row.out = out;
      row.inputs = {in};
      row.coefficients = {1};
      row.low = cut.low;
      row.high = cut.high;
      row.divisor = cut.divisor;
      target().run(arena, dim, {row});
      for (int64_t e = 0; e < dim; ++e) {
        CHECK(std::memcmp(&arena.at(out + e), &cut.expected, sizeof cut.expected) == 0, "%g to %g",
              static_cast<double>(cut.value), static_cast<double>(arena.at(out + e)));
      }
    }
  }
}

TEST("a NaN stays one under a clamp and in a total") {
  Arena arena;
  const int64_t in = arena.add_row(300), out = arena.add_row(300);
  for (int64_t e = 0; e < 300; ++e) {
    arena.at(in + e) = e == 270 ? std::numeric_limits<float>::quiet_NaN() : 1.0F;
  }
  ProgramRow row;
  row.kind = PARAFLUX_ROW_STORE | PARAFLUX_ROW_CLAMP | PARAFLUX_ROW_TOTAL;
  row.out = out;
  row.inputs = {in};
  row.coefficients = {1};
  row.low = 0;
  row.high = 0.5;
  row.divisor = 1;
  const std::vector<double> sums = target().run(arena, 300, {row});
  CHECK(std::isnan(sums[0]), "%g", sums[0]);
  for (int64_t e = 0; e < 300; ++e) {
    CHECK(e == 270 ? std::isnan(arena.at(out + e)) : arena.at(out + e) == 0.5F, "element %lld",
          static_cast<long long>(e));
  }
}

TEST("a total is the sum of the combination, whatever is stored of it") {
  for (const int64_t dim : dims()) {
    Arena arena;
    const int64_t in = arena.add_row(dim), out = arena.add_row(dim);
    for (int64_t e = 0; e < dim; ++e) {
      arena.at(in + e) = static_cast<float>(e + 1);
    }
    ProgramRow row;
    row.kind = PARAFLUX_ROW_STORE | PARAFLUX_ROW_CLAMP | PARAFLUX_ROW_TOTAL;
    row.out = out;
    row.inputs = {in};
    row.coefficients = {2};
    row.low = row.high = 0;
    row.divisor = 1;
    const std::vector<double> sums = target().run(arena, dim, {row});
    CHECK(sums[0] == static_cast<double>(dim * (dim + 1)), "dim %lld", static_cast<long long>(dim));
  }
}
