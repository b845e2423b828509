#include <cmath>
#include <limits>

#include "test/cases.h"
#include "test/check.h"
#include "test/target.h"

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr int64_t kPrimes[] = {5, 37, 251, 4099};

struct Limits {
  float low, high;
};
constexpr Limits kNone = {-kInfinity, kInfinity};
constexpr Limits kLimits[] = {{-1, 1}, kNone, {-kInfinity, 0.5F}, {0, kInfinity}, {0.25F, 0.25F}};

// Literally row_program.h.
double clamped(float value, Limits limits) {
  return static_cast<double>(value < limits.low ? limits.low : value > limits.high ? limits.high : value);
}

// The changes, with the rows stored in the case.
std::vector<double> expected_change(Case& given, int64_t dim, const std::vector<int64_t>& before, Limits limits) {
  const Case untouched = given;
  std::vector<double> changes;
  for (int64_t r = 0; r < given.terms.rows(); ++r) {
    const size_t row = static_cast<size_t>(r);
    for (int64_t e = 0; e < dim; ++e) {
      given.arena.at(given.terms.out[row] + e) = static_cast<float>(combination(untouched, r, e));
    }
    changes.push_back(sum_in_order(dim, [&](int64_t e) {
      return std::fabs(clamped(given.arena.at(given.terms.out[row] + e), limits) -
                       clamped(untouched.arena.at(before[row] + e), limits));
    }));
  }
  return changes;
}

// Rows compared with their own output, with one of their inputs, and with a row that is theirs in no way.
std::vector<int64_t> mixed_before(Case& given, int64_t dim) {
  std::mt19937_64 random(5);
  const int64_t other = given.arena.add_random_row(dim, 1, random);
  std::vector<int64_t> before;
  for (size_t r = 0; r < given.terms.out.size(); ++r) {
    if (r % 3 == 0) {
      // What lies in outputs are canaries, far from the values; now they are near.
      for (int64_t e = 0; e < dim; ++e) {
        given.arena.at(given.terms.out[r] + e) = static_cast<float>(e % 17) * 0.25F - 2.0F;
      }
    }
    const size_t last = static_cast<size_t>(given.terms.counts[r]) - 1;
    before.push_back(r % 3 == 0   ? given.terms.out[r]
                     : r % 3 == 1 ? given.terms.inputs[r * PARAFLUX_MAX_TERMS + last]
                                  : other);
  }
  return before;
}

std::vector<double> change(Case& given, int64_t dim, const std::vector<int64_t>& before, Limits limits) {
  return target().change(given.arena, dim, given.terms, before, limits.low, limits.high);
}

// A row that becomes its only input, all `now`, and was all `then`.
struct Filled : Case {
  std::vector<int64_t> before;

  Filled(int64_t dim, float then, float now) : Case(random_case(1, dim, 1, false)), before(terms.out) {
    terms.coefficients[0] = 1;
    for (int64_t e = 0; e < dim; ++e) {
      arena.at(terms.inputs[0] + e) = now;
      arena.at(before[0] + e) = then;
    }
  }

  double change(int64_t dim, Limits limits) { return ::change(*this, dim, before, limits)[0]; }
};

}  // namespace

TEST("rows and changes have the bits of the header's loops, and nothing else is touched") {
  size_t turn = 0;
  for_each_case([&](Case given, int64_t dim) {
    const Limits limits = kLimits[turn++ % std::size(kLimits)];
    const std::vector<int64_t> before = mixed_before(given, dim);
    Case expected = given;
    const std::vector<double> expected_changes = expected_change(expected, dim, before, limits);
    const std::vector<double> changes = change(given, dim, before, limits);
    CHECK(given.arena == expected.arena, "rows %zu, dim %lld", changes.size(), static_cast<long long>(dim));
    CHECK(same_bits(changes, expected_changes), "rows %zu, dim %lld", changes.size(), static_cast<long long>(dim));
  });
}

TEST("every target gives the bits of the host's baseline") {
  for_each_case([](Case given, int64_t dim) {
    const std::vector<int64_t> before = mixed_before(given, dim);
    Arena baseline = given.arena;
    const std::vector<double> expected = make_baseline()->change(baseline, dim, given.terms, before, -1, 1);
    const std::vector<double> changes = change(given, dim, before, {-1, 1});
    CHECK(given.arena == baseline && same_bits(changes, expected), "dim %lld", static_cast<long long>(dim));
  });
}

TEST("the rows are those of an update, and the changes sums of one") {
  for (const int64_t dim : dims()) {
    Case given = random_case(7, dim, kMixedTerms, true);
    const std::vector<int64_t> before = mixed_before(given, dim);
    const Arena untouched = given.arena;
    Arena updated = given.arena;
    target().update(updated, dim, given.terms);
    const std::vector<double> changes = change(given, dim, before, kNone);
    CHECK(given.arena == updated, "dim %lld", static_cast<long long>(dim));
    for (size_t r = 0; r < changes.size(); ++r) {
      long double exact = 0;
      for (int64_t e = dim - 1; e >= 0; --e) {
        exact += std::fabs(static_cast<long double>(updated.at(given.terms.out[r] + e)) -
                           static_cast<long double>(untouched.at(before[r] + e)));
      }
      CHECK(std::fabs(static_cast<long double>(changes[r]) - exact) <= 1e-14L * exact, "dim %lld, row %zu",
            static_cast<long long>(dim), r);
    }
  }
}

TEST("an output in place of any of its inputs may be compared with itself or with an input") {
  for (const int64_t dim : kPrimes) {
    for (size_t own = 0; own < 3; ++own) {
      for (size_t with = 0; with < 3; ++with) {
        Case given = random_case(1, dim, 3, own == 1);
        given.terms.out[0] = given.terms.inputs[own];
        const std::vector<int64_t> before = {given.terms.inputs[with]};
        Case expected = given;
        const std::vector<double> expected_changes = expected_change(expected, dim, before, {-1, 1});
        const std::vector<double> changes = change(given, dim, before, {-1, 1});
        CHECK(given.arena == expected.arena && same_bits(changes, expected_changes), "dim %lld, input %zu, with %zu",
              static_cast<long long>(dim), own, with);
        CHECK(changes[0] > 0, "it was not compared with its new self");
      }
    }
  }
}

TEST("the changes of rows that count are the closed form, also where they are cut off") {
  for (const int64_t dim : dims()) {
    Filled given(dim, 0, 0);
    for (int64_t e = 0; e < dim; ++e) {
      given.arena.at(given.terms.inputs[0] + e) = static_cast<float>(e % 2 == 0 ? e + 1 : -e - 1);
    }
    Filled again = given;
    CHECK(given.change(dim, kNone) == static_cast<double>(dim * (dim + 1) / 2), "dim %lld",
          static_cast<long long>(dim));
    const int64_t small = std::min<int64_t>(dim, 9);
    CHECK(again.change(dim, {-10, 10}) == static_cast<double>(small * (small + 1) / 2 + (dim - small) * 10),
          "dim %lld, limits", static_cast<long long>(dim));
  }
}

TEST("what lies outside the limits is seen on them, on both sides") {
  struct Seen {
    float then, now;
    Limits limits;
    double each;
  };
  constexpr float kAboveOne = 1.00000012F, kLargest = std::numeric_limits<float>::max();
  for (const Seen& seen :
       {Seen{-3, 5, {-1, 1}, 2}, Seen{5, -3, {-1, 1}, 2}, Seen{7, 9, {-1, 1}, 0}, Seen{-7, -9, {-1, 1}, 0},
        Seen{1, kAboveOne, {-1, 1}, 0}, Seen{-1, -kAboveOne, {-1, 1}, 0}, Seen{-0.0F, 0.0F, {0, 1}, 0},
        Seen{-1, 0.5F, {0, 1}, 0.5}, Seen{1, 2, {3, 4}, 0}, Seen{-kInfinity, kInfinity, {-1, 1}, 2},
        Seen{kInfinity, kInfinity, {-1, 1}, 0}, Seen{-kInfinity, 0, {-kInfinity, 1}, static_cast<double>(kInfinity)},
        Seen{-kLargest, kLargest, kNone, 2 * static_cast<double>(kLargest)},
        Seen{kInfinity, 0, kNone, static_cast<double>(kInfinity)}, Seen{-4, 8, {-kInfinity, 1}, 5},
        Seen{-4, 8, {-1, kInfinity}, 9}}) {
    for (const int64_t dim : {1, 16, 37, 256}) {
      Filled given(dim, seen.then, seen.now);
      CHECK(given.change(dim, seen.limits) == static_cast<double>(dim) * seen.each, "%g to %g in [%g, %g], dim %lld",
            static_cast<double>(seen.then), static_cast<double>(seen.now), static_cast<double>(seen.limits.low),
            static_cast<double>(seen.limits.high), static_cast<long long>(dim));
      CHECK(given.arena.at(given.terms.out[0]) == seen.now, "what is stored is not clamped");
    }
  }
}

TEST("a NaN before or after makes its own row's change a NaN, whatever the limits, and no other's") {
  for (const Limits limits : kLimits) {
    for (const int64_t place : {0, 5, 63, 64, 255, 299}) {
      for (const bool in_before : {false, true}) {
        Case given = random_case(3, 300, 2, false);
        const std::vector<int64_t> before = mixed_before(given, 300);
        const int64_t poisoned = in_before ? given.terms.out[0] : given.arena.add_row(300);
        if (!in_before) {
          std::memcpy(&given.arena.at(poisoned), &given.arena.at(given.terms.inputs[0]), 300 * sizeof(float));
          given.terms.inputs[0] = poisoned;
        }
        given.arena.at(poisoned + place) = kNan;
        const std::vector<double> changes = change(given, 300, before, limits);
        CHECK(std::isnan(changes[0]) && std::isfinite(changes[1]) && std::isfinite(changes[2]),
              "place %lld, changes %g %g %g", static_cast<long long>(place), changes[0], changes[1], changes[2]);
        for (int64_t e = 0; e < 300; ++e) {
          CHECK(std::isnan(given.arena.at(given.terms.out[0] + e)) == (!in_before && e == place), "element %lld",
                static_cast<long long>(e));
        }
      }
    }
  }
}

TEST("a row that becomes what it is compared with has not changed") {
  for (const int64_t dim : kPrimes) {
    Case given = random_case(1, dim, 1, true);
    given.terms.coefficients[0] = 1;
    CHECK(change(given, dim, {given.terms.inputs[0]}, kNone)[0] == 0, "dim %lld", static_cast<long long>(dim));
  }
}
