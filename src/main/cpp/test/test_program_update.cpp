#include <cmath>
#include <limits>

#include "test/cases.h"
#include "test/check.h"
#include "test/target.h"

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Arena expected_update(const Case& given, int64_t dim) {
  Arena expected = given.arena;
  for (int64_t r = 0; r < given.terms.rows(); ++r) {
    for (int64_t e = 0; e < dim; ++e) {
      expected.at(given.terms.out[static_cast<size_t>(r)] + e) = static_cast<float>(combination(given, r, e));
    }
  }
  return expected;
}

}  // namespace

TEST("an update gives the bits of the plain double loop and touches nothing else") {
  for_each_case([](Case given, int64_t dim) {
    const Arena expected = expected_update(given, dim);
    target().update(given.arena, dim, given.terms);
    CHECK(given.arena == expected, "rows %lld, dim %lld", static_cast<long long>(given.terms.rows()),
          static_cast<long long>(dim));
  });
}

TEST("an update is as near to long double as one rounding allows") {
  Case given = random_case(7, 4097, kMixedTerms, false);
  target().update(given.arena, 4097, given.terms);
  for (int64_t r = 0; r < 7; ++r) {
    for (int64_t e = 0; e < 4097; ++e) {
      long double exact = 0;
      for (int64_t k = 0; k <= r; ++k) {
        const size_t entry = static_cast<size_t>(r * PARAFLUX_MAX_TERMS + k);
        exact += static_cast<long double>(given.terms.coefficients[entry]) *
                 static_cast<long double>(given.arena.at(given.terms.inputs[entry] + e));
      }
      const float result = given.arena.at(given.terms.out[static_cast<size_t>(r)] + e);
      const long double error = std::fabs(static_cast<long double>(result) - exact);
      CHECK(error <= 6.0e-8L * std::fabs(exact) + 1e-14L, "row %lld, element %lld", static_cast<long long>(r),
            static_cast<long long>(e));
    }
  }
}

TEST("every target gives the bits of the host's baseline") {
  for_each_case([](Case given, int64_t dim) {
    Arena baseline = given.arena;
    make_baseline()->update(baseline, dim, given.terms);
    target().update(given.arena, dim, given.terms);
    CHECK(given.arena == baseline, "dim %lld", static_cast<long long>(dim));
  });
}

TEST("an output may be any of its own inputs") {
  for (const int64_t dim : dims()) {
    for (size_t own = 0; own < 3; ++own) {
      Case given = random_case(1, dim, 3, own == 1);
      given.terms.out[0] = given.terms.inputs[own];
      const Arena expected = expected_update(given, dim);
      target().update(given.arena, dim, given.terms);
      CHECK(given.arena == expected, "dim %lld, input %zu", static_cast<long long>(dim), own);
    }
  }
}

TEST("one term of coefficient one copies, minus zero and denormals included") {
  Case given = random_case(1, 784, 1, false);
  const int64_t in = given.terms.inputs[0];
  given.arena.at(in) = -0.0F;
  given.arena.at(in + 1) = std::numeric_limits<float>::denorm_min();
  given.arena.at(in + 783) = -kInfinity;
  given.terms.coefficients[0] = 1;
  target().update(given.arena, 784, given.terms);
  CHECK(std::memcmp(&given.arena.at(in), &given.arena.at(given.terms.out[0]), 784 * sizeof(float)) == 0, "784 values");
}

TEST("a value that is not finite reaches its own element and no other") {
  for (const float poison : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
    for (const int64_t place : {0, 5, 255, 299}) {
      Case given = random_case(2, 300, 8, false);
      given.arena.at(given.terms.inputs[static_cast<size_t>(PARAFLUX_MAX_TERMS + 3)] + place) = poison;
      target().update(given.arena, 300, given.terms);
      for (int64_t e = 0; e < 300; ++e) {
        const bool finite = std::isfinite(given.arena.at(given.terms.out[1] + e));
        CHECK(finite == (e != place), "poison at %lld, element %lld", static_cast<long long>(place),
              static_cast<long long>(e));
      }
    }
  }
}

TEST("a result beyond float's range is infinite, and one below it is zero") {
  Case given = random_case(2, 1, 1, false);
  for (size_t r = 0; r < 2; ++r) {
    given.arena.at(given.terms.inputs[r * PARAFLUX_MAX_TERMS]) = 1;
    given.terms.coefficients[r * PARAFLUX_MAX_TERMS] = r == 0 ? 1e39 : 1e-50;
  }
  given.terms.inputs[PARAFLUX_MAX_TERMS] = given.terms.inputs[0];
  target().update(given.arena, 1, given.terms);
  CHECK(given.arena.at(given.terms.out[0]) == kInfinity, "1e39");
  CHECK(given.arena.at(given.terms.out[1]) == 0, "1e-50");
}

TEST("intermediate sums keep the precision of double") {
  Case given = random_case(1, 17, 3, false);
  for (size_t k = 0; k < 3; ++k) {
    for (int64_t e = 0; e < 17; ++e) {
      given.arena.at(given.terms.inputs[k] + e) = k == 1 ? 1.0F : 16777216.0F;
    }
    given.terms.coefficients[k] = k == 2 ? -1 : 1;
  }
  target().update(given.arena, 17, given.terms);
  for (int64_t e = 0; e < 17; ++e) {
    CHECK(given.arena.at(given.terms.out[0] + e) == 1.0F, "2^24 + 1 - 2^24");
  }
}
