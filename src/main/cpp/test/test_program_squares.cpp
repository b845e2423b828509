#include <cmath>
#include <limits>

#include "test/cases.h"
#include "test/check.h"
#include "test/target.h"

TEST("a sum has the bits of the order that the header states") {
  for_each_case([](Case given, int64_t dim) {
    const Arena before = given.arena;
    const std::vector<double> sums = target().norms(given.arena, dim, given.terms);
    std::vector<double> expected;
    for (int64_t r = 0; r < given.terms.rows(); ++r) {
      expected.push_back(sum_in_order(dim, [&](int64_t e) {
        const double value = combination(given, r, e);
        return value * value;
      }));
    }
    CHECK(same_bits(sums, expected), "rows %zu, dim %lld", sums.size(), static_cast<long long>(dim));
    CHECK(given.arena == before, "the inputs are left alone");
  });
}

TEST("every target gives the bits of the host's baseline") {
  for_each_case([](Case given, int64_t dim) {
    const std::vector<double> baseline = make_baseline()->norms(given.arena, dim, given.terms);
    CHECK(same_bits(target().norms(given.arena, dim, given.terms), baseline), "dim %lld", static_cast<long long>(dim));
  });
}

TEST("a sum agrees with long double in any order") {
  for (const int64_t dim : dims()) {
    Case given = random_case(7, dim, kMixedTerms, true);
    const std::vector<double> sums = target().norms(given.arena, dim, given.terms);
    for (int64_t r = 0; r < 7; ++r) {
      long double exact = 0;
      for (int64_t e = dim - 1; e >= 0; --e) {
        const long double value = static_cast<long double>(combination(given, r, e));
        exact += value * value;
      }
      const long double error = std::fabs(static_cast<long double>(sums[static_cast<size_t>(r)]) - exact);
      CHECK(error <= 1e-14L * exact, "dim %lld, row %lld", static_cast<long long>(dim), static_cast<long long>(r));
    }
  }
}

TEST("the sum of the first squares is the closed form") {
  for (const int64_t dim : dims()) {
    Case given = random_case(1, dim, 1, false);
    for (int64_t e = 0; e < dim; ++e) {
      given.arena.at(given.terms.inputs[0] + e) = static_cast<float>(e + 1);
    }
    given.terms.coefficients[0] = 1;
    const int64_t closed = dim * (dim + 1) * (2 * dim + 1) / 6;  // below 2^53: exact in double, whatever the order
    CHECK(target().norms(given.arena, dim, given.terms)[0] == static_cast<double>(closed), "dim %lld",
          static_cast<long long>(dim));
  }
}

TEST("more chunks than a device adds up at once are added up in order") {
  constexpr int64_t kChunkSize = 4096, kAtOnce = 32;
  for (const int64_t dim : {kChunkSize * kAtOnce, kChunkSize * kAtOnce + 1, kChunkSize * (2 * kAtOnce + 1) - 5}) {
    Case given = random_case(2, dim, 1, false);
    CHECK(
        same_bits(target().norms(given.arena, dim, given.terms), make_baseline()->norms(given.arena, dim, given.terms)),
        "dim %lld", static_cast<long long>(dim));
  }
}

TEST("a difference of equal rows has norm zero") {
  Case given = random_case(1, 4097, 2, false);
  given.terms.inputs[1] = given.terms.inputs[0];
  given.terms.coefficients[1] = -given.terms.coefficients[0];
  CHECK(target().norms(given.arena, 4097, given.terms)[0] == 0, "x - x");
}

TEST("the sum is finite if and only if every value is") {
  const float largest = std::numeric_limits<float>::max();
  for (const int64_t dim : dims()) {
    Case given = random_case(1, dim, 1, false);
    given.terms.coefficients[0] = 1;
    for (int64_t e = 0; e < dim; ++e) {
      given.arena.at(given.terms.inputs[0] + e) = largest;
    }
    CHECK(std::isfinite(target().norms(given.arena, dim, given.terms)[0]), "dim %lld", static_cast<long long>(dim));
    for (const float poison : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
      for (const int64_t place : {int64_t{0}, dim / 2, dim - 1}) {
        Case poisoned = given;
        poisoned.arena.at(given.terms.inputs[0] + place) = poison;
        CHECK(!std::isfinite(target().norms(poisoned.arena, dim, poisoned.terms)[0]), "dim %lld, place %lld",
              static_cast<long long>(dim), static_cast<long long>(place));
      }
    }
  }
}
