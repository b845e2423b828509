#include <algorithm>
#include <cmath>
#include <limits>

#include "test/cases.h"
#include "test/check.h"
#include "test/target.h"

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr double kShares[] = {0, 1e-9, 0.001, 0.1, 1.0 / 3, 0.5, 0.75, 0.9, 0.995, 0.999999, 1};
constexpr int64_t kQuantileDims[] = {1, 2, 3, 5, 37, 251, 256, 257, 784, 4095, 4096, 4097, 16384, 65537};

std::vector<int64_t> quantile_dims() {
  return quick() ? dims() : std::vector<int64_t>(std::begin(kQuantileDims), std::end(kQuantileDims));
}

// Literally row_quantile.h, by sorting.
double expected_quantile(const Arena& arena, int64_t dim, const Quantile& quantile) {
  std::vector<float> magnitudes;
  for (int64_t e = 0; e < dim; ++e) {
    magnitudes.push_back(std::fabs(arena.at(quantile.row + e)));
  }
  std::sort(magnitudes.begin(), magnitudes.end());
  const double rank = quantile.share * static_cast<double>(dim - 1);
  const size_t below = static_cast<size_t>(rank);
  const double found = static_cast<double>(magnitudes[below]);
  return static_cast<double>(below) == rank
             ? found
             : found + (rank - static_cast<double>(below)) * (static_cast<double>(magnitudes[below + 1]) - found);
}

std::vector<Quantile> all_shares(int64_t row) {
  std::vector<Quantile> quantiles;
  for (const double share : kShares) {
    quantiles.push_back({row, share});
  }
  return quantiles;
}

bool same(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

}  // namespace

TEST("quantiles have the bits of sorting, for many sizes, and rows are left alone") {
  std::mt19937_64 random(1);
  for (const int64_t dim : quantile_dims()) {
    Arena arena;
    std::vector<Quantile> quantiles;
    for (int64_t shift = 0; shift < 3; ++shift) {
      for (const Quantile& quantile : all_shares(arena.add_random_row(dim, shift, random))) {
        quantiles.push_back(quantile);
      }
    }
    const Arena before = arena;
    const std::vector<double> values = target().quantiles(arena, dim, quantiles);
    CHECK(arena == before, "dim %lld", static_cast<long long>(dim));
    for (size_t q = 0; q < quantiles.size(); ++q) {
      CHECK(same(values[q], expected_quantile(arena, dim, quantiles[q])), "dim %lld, share %g: %g",
            static_cast<long long>(dim), quantiles[q].share, values[q]);
    }
  }
}

TEST("equal values, neighbours in every bit, zeros, denormals and infinities are in order") {
  std::mt19937_64 random(2);
  for (const int64_t dim : {2, 3, 64, 500, 5000}) {
    for (int kind = 0; kind < 6; ++kind) {
      Arena arena;
      const int64_t row = arena.add_row(dim);
      for (int64_t e = 0; e < dim; ++e) {
        const float one = 1.0F;
        uint32_t bits = 0;
        std::memcpy(&bits, &one, sizeof bits);
        bits += static_cast<uint32_t>(random() % 3 == 0 ? 1 : random() % 1024 << (kind % 3 * 10));
        float near = 0;
        std::memcpy(&near, &bits, sizeof near);
        const float values[] = {2.5F,
                                e % 2 == 0 ? -0.0F : 0.0F,
                                near,
                                std::numeric_limits<float>::denorm_min() * static_cast<float>(random() % 5),
                                e % 7 == 0 ? -kInfinity : 3.0F,
                                std::isfinite(near) ? -near : 1.0F};
        arena.at(row + e) = values[kind];
      }
      const std::vector<Quantile> quantiles = all_shares(row);
      const std::vector<double> values = target().quantiles(arena, dim, quantiles);
      for (size_t q = 0; q < quantiles.size(); ++q) {
        const double expected = expected_quantile(arena, dim, quantiles[q]);
        CHECK(same(values[q], expected) || (std::isnan(expected) && std::isnan(values[q])),
              "dim %lld, kind %d, share %g: %g, not %g", static_cast<long long>(dim), kind, quantiles[q].share,
              values[q], expected);
      }
    }
  }
}

TEST("a NaN anywhere makes its row's quantiles NaN, and no other row's") {
  std::mt19937_64 random(3);
  for (const int64_t dim : {1, 2, 300, 4099}) {
    for (const int64_t place : {int64_t{0}, dim / 2, dim - 1}) {
      Arena arena;
      const int64_t good = arena.add_random_row(dim, 0, random), bad = arena.add_random_row(dim, 0, random);
      arena.at(bad + place) = place % 2 == 0 ? kNan : -kNan;
      const std::vector<double> values = target().quantiles(arena, dim, {{good, 0.5}, {bad, 0}, {bad, 1}, {good, 1}});
      CHECK(std::isfinite(values[0]) && std::isnan(values[1]) && std::isnan(values[2]) && std::isfinite(values[3]),
            "dim %lld, place %lld", static_cast<long long>(dim), static_cast<long long>(place));
    }
  }
}

TEST("more quantiles than one launch takes are all found, each in its place") {
  std::mt19937_64 random(5);
  Arena arena;
  const int64_t dim = 7, rows[] = {arena.add_random_row(dim, 0, random), arena.add_random_row(dim, 1, random)};
  std::vector<Quantile> quantiles;
  for (size_t q = 0; q < 2100; ++q) {
    quantiles.push_back({rows[q % 2], static_cast<double>(q) / 2100});
  }
  const std::vector<double> values = target().quantiles(arena, dim, quantiles);
  for (size_t q = 0; q < quantiles.size(); ++q) {
    CHECK(same(values[q], expected_quantile(arena, dim, quantiles[q])), "quantile %zu", q);
  }
}

TEST("no quantiles are no work") {
  Arena arena;
  CHECK(target().quantiles(arena, 5, {}).empty(), "none");
}

TEST("every target gives the bits of the host's baseline") {
  std::mt19937_64 random(4);
  for (const int64_t dim : quantile_dims()) {
    Arena arena;
    const std::vector<Quantile> quantiles = all_shares(arena.add_random_row(dim, 1, random));
    CHECK(same_bits(target().quantiles(arena, dim, quantiles), make_baseline()->quantiles(arena, dim, quantiles)),
          "dim %lld", static_cast<long long>(dim));
  }
}
