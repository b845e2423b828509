#include <cmath>
#include <limits>

#include "paraflux/row_gram.h"
#include "test/cases.h"
#include "test/check.h"
#include "test/target.h"

namespace {

// Beside those of cases.h: around the tiles and chunks of both twins.
constexpr int64_t kGramDims[] = {1,   2,   5,   7,   8,   9,   37,  63,   64,   65,   127,  128,  129,
                                 251, 511, 512, 513, 784, 896, 997, 1023, 1024, 1025, 2048, 4099, 10007};
constexpr int32_t kSizes[] = {1, 2, 3, 4, 5, 6, 7};

// Calls body(case, dim, size): groups of random combinations of few rows, of one term each, of all nine, and mixed.
template <typename Body>
void for_each_group(Body body) {
  for (const int64_t dim : kGramDims) {
    for (const int32_t size : kSizes) {
      for (const int64_t groups : {0, 1, 2, 5, 40}) {
        const bool many = groups > 2;
        if (groups == 40 && dim > 300) {
          continue;
        }
        if (quick() && ((dim != 1 && dim != 9 && dim % 512 != 1) || groups > 5)) {
          continue;
        }
        for (const int64_t term_count : {int64_t{1}, int64_t{2}, int64_t{9}, kMixedTerms}) {
          if (!many || term_count == kMixedTerms) {
            body(random_case(groups * size, dim, term_count, (dim + size + groups) % 2 == 0), dim, size);
          }
        }
      }
    }
  }
}

// Literally the order of row_gram.h.
double inner_in_order(const std::vector<double>& a, const std::vector<double>& b) {
  const size_t dim = a.size();
  double sum = 0;
  for (size_t chunk = 0; chunk < dim; chunk += 1024) {
    double lanes[8] = {};
    for (size_t l = 0; l < 8; ++l) {
      for (size_t e = chunk + l; e < std::min<size_t>(dim, chunk + 1024); e += 8) {
        lanes[l] += a[e] * b[e];
      }
    }
    for (size_t half = 4; half >= 1; half /= 2) {
      for (size_t l = 0; l < half; ++l) {
        lanes[l] += lanes[l + half];
      }
    }
    sum += lanes[0];
  }
  return sum;
}

std::vector<std::vector<double>> combinations(const Case& given, int64_t dim) {
  std::vector<std::vector<double>> result(given.terms.counts.size());
  for (size_t r = 0; r < result.size(); ++r) {
    for (int64_t e = 0; e < dim; ++e) {
      result[r].push_back(combination(given, static_cast<int64_t>(r), e));
    }
  }
  return result;
}

// Calls body(p, a, b) for the pairs of all groups in their order, a and b rows of the table.
template <typename Body>
void for_each_pair(const Case& given, int32_t size, Body body) {
  const size_t count = static_cast<size_t>(size);
  size_t p = 0;
  for (size_t first = 0; first < given.terms.counts.size(); first += count) {
    for (size_t a = first; a < first + count; ++a) {
      for (size_t b = a; b < first + count; ++b) {
        body(p++, a, b);
      }
    }
  }
}

std::vector<double> gram(Case& given, int64_t dim, int32_t size) {
  return target().gram(given.arena, dim, given.terms, size);
}

}  // namespace

TEST("a sum has the bits of the order that the header states") {
  for_each_group([](Case given, int64_t dim, int32_t size) {
    const Arena before = given.arena;
    const std::vector<double> sums = gram(given, dim, size);
    const std::vector<std::vector<double>> formed = combinations(given, dim);
    std::vector<double> expected;
    for_each_pair(given, size,
                  [&](size_t, size_t a, size_t b) { expected.push_back(inner_in_order(formed[a], formed[b])); });
    CHECK(same_bits(sums, expected), "size %d, sums %zu, dim %lld", size, sums.size(), static_cast<long long>(dim));
    CHECK(given.arena == before, "the inputs are left alone");
  });
}

TEST("every target gives the bits of the host's baseline") {
  for_each_group([](Case given, int64_t dim, int32_t size) {
    const std::vector<double> baseline = make_baseline()->gram(given.arena, dim, given.terms, size);
    CHECK(same_bits(gram(given, dim, size), baseline), "size %d, dim %lld", size, static_cast<long long>(dim));
  });
}

TEST("a sum agrees with long double in any order") {
  for (const int64_t dim : dims()) {
    Case given = random_case(14, dim, kMixedTerms, true);
    const std::vector<double> sums = gram(given, dim, 7);
    const std::vector<std::vector<double>> formed = combinations(given, dim);
    for_each_pair(given, 7, [&](size_t p, size_t a, size_t b) {
      long double exact = 0, size = 0;
      for (size_t e = formed[a].size(); e-- > 0;) {
        const long double product = static_cast<long double>(formed[a][e]) * static_cast<long double>(formed[b][e]);
        exact += product;
        size += std::fabs(product);
      }
      CHECK(std::fabs(static_cast<long double>(sums[p]) - exact) <= 1e-14L * size, "dim %lld, pair %zu",
            static_cast<long long>(dim), p);
    });
  }
}

TEST("the diagonal agrees with the norms") {
  for (const int64_t dim : dims()) {
    Case given = random_case(9, dim, kMixedTerms, false);
    const std::vector<double> norms = target().norms(given.arena, dim, given.terms), sums = gram(given, dim, 3);
    for_each_pair(given, 3, [&](size_t p, size_t a, size_t b) {
      CHECK(a != b || std::fabs(sums[p] - norms[a]) <= 1e-14 * norms[a], "dim %lld, row %zu",
            static_cast<long long>(dim), a);
    });
  }
}

TEST("a group's sums are the same alone and among others") {
  for (const int32_t size : kSizes) {
    for (const int64_t dim : {int64_t{37}, int64_t{1025}}) {
      Case given = random_case(5 * size, dim, kMixedTerms, true);
      const std::vector<double> together = gram(given, dim, size);
      const size_t pairs = static_cast<size_t>(size * (size + 1) / 2);
      for (size_t g = 0; g < 5; ++g) {
        Case alone = given;
        alone.terms = Terms();
        for (size_t r = g * static_cast<size_t>(size); r < (g + 1) * static_cast<size_t>(size); ++r) {
          const auto first = static_cast<std::ptrdiff_t>(r * PARAFLUX_MAX_TERMS);
          const auto last = first + given.terms.counts[r];
          alone.terms.add(given.terms.out[r], {given.terms.inputs.begin() + first, given.terms.inputs.begin() + last},
                          {given.terms.coefficients.begin() + first, given.terms.coefficients.begin() + last});
        }
        const std::vector<double> expected(together.begin() + static_cast<std::ptrdiff_t>(g * pairs),
                                           together.begin() + static_cast<std::ptrdiff_t>((g + 1) * pairs));
        CHECK(same_bits(gram(alone, dim, size), expected), "size %d, group %zu", size, g);
      }
    }
  }
}

TEST("inner products of powers are the closed form") {
  for (const int64_t dim : dims()) {
    Case given = random_case(3, dim, 1, false);
    given.terms.inputs[0] = given.arena.add_row(dim);
    for (int64_t e = 0; e < dim; ++e) {
      given.arena.at(given.terms.inputs[0] + e) = 1;
      given.arena.at(given.terms.inputs[PARAFLUX_MAX_TERMS] + e) = static_cast<float>(e + 1);
    }
    given.terms.inputs[2 * PARAFLUX_MAX_TERMS] = given.terms.inputs[PARAFLUX_MAX_TERMS];
    given.terms.coefficients[0] = 1;
    given.terms.coefficients[PARAFLUX_MAX_TERMS] = 1;
    given.terms.coefficients[2 * PARAFLUX_MAX_TERMS] = -2;
    // Below 2^53: exact in double, whatever the order.
    const double ones = static_cast<double>(dim), sum = static_cast<double>(dim * (dim + 1) / 2),
                 squares = static_cast<double>(dim * (dim + 1) * (2 * dim + 1) / 6);
    CHECK(same_bits(gram(given, dim, 3), {ones, sum, -2 * sum, squares, -2 * squares, 4 * squares}), "dim %lld",
          static_cast<long long>(dim));
  }
}

TEST("a difference of equal rows is orthogonal to all") {
  Case given = random_case(3, 1025, 2, false);
  given.terms.inputs[1] = given.terms.inputs[0];
  given.terms.coefficients[1] = -given.terms.coefficients[0];
  const std::vector<double> sums = gram(given, 1025, 3);
  CHECK(sums[0] == 0 && sums[1] == 0 && sums[2] == 0 && sums[3] > 0 && sums[5] > 0, "x - x");
}

TEST("a value that is not finite shows in the pairs of its combinations, and in no other") {
  for (const float poison : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    for (const int64_t dim : {1, 37, 128, 1024, 1030}) {
      for (const int64_t place : {int64_t{0}, dim / 2, dim - 1}) {
        for (size_t which = 0; which < 5; ++which) {
          Case given = random_case(10, dim, 2, false);
          std::mt19937_64 random(7);
          const int64_t poisoned = given.arena.add_random_row(dim, 0, random);
          given.arena.at(poisoned + place) = poison;
          given.terms.inputs[which * PARAFLUX_MAX_TERMS + 1] = poisoned;
          const std::vector<double> sums = gram(given, dim, 5);
          for_each_pair(given, 5, [&](size_t p, size_t a, size_t b) {
            CHECK(std::isfinite(sums[p]) == (a != which && b != which), "dim %lld, place %lld, pair %zu",
                  static_cast<long long>(dim), static_cast<long long>(place), p);
          });
        }
      }
    }
  }
}

TEST("the largest floats leave finite sums") {
  Case given = random_case(2, 4097, 1, false);
  for (int64_t e = 0; e < 4097; ++e) {
    given.arena.at(given.terms.inputs[0] + e) = std::numeric_limits<float>::max();
  }
  given.terms.coefficients[0] = 1;
  const std::vector<double> sums = gram(given, 4097, 2);
  CHECK(std::isfinite(sums[0]) && std::isfinite(sums[1]) && std::isfinite(sums[2]), "%g %g %g", sums[0], sums[1],
        sums[2]);
}
