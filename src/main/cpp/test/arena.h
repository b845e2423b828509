// Test memory: one block that holds all rows of a call, canaries around each. A test describes rows by their places in
// the block; the target (target.h) turns places into addresses, on the host or on a device.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "paraflux/common.h"

// A place that is no row: its address is 0. Other negative places get an address that nobody may read.
constexpr int64_t kNoRow = -2;

// A place that is no row either, but what window_residual makes of an estimate.
constexpr int64_t estimate_place(int64_t estimate) { return -1000 - estimate; }
constexpr bool is_estimate(int64_t place) { return place <= estimate_place(0); }
constexpr int64_t estimate_at(int64_t place) { return -1000 - place; }

// What a number is that a kernel leaves alone.
constexpr double kUntouched = 777;

// Equal bits, or two NaNs, everywhere.
template <typename Real>
bool same_bits(const std::vector<Real>& a, const std::vector<Real>& b) {
  if (a.size() != b.size()) {
    return false;
  }
  if (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0) {
    return true;
  }
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::memcmp(&a[i], &b[i], sizeof(Real)) != 0 && !(std::isnan(a[i]) && std::isnan(b[i]))) {
      return false;
    }
  }
  return true;
}

class Arena {
 public:
  // A new row, filled with canaries as its surroundings are: no two near values alike, so that a stray copy shows.
  // It begins `shift` floats past a place aligned for all vector types.
  int64_t add_row(int64_t dim, int64_t shift = 0) {
    constexpr int64_t kLine = 16;  // as many canaries lie on each side, at least
    const int64_t place = size() + kLine + shift;
    const int64_t end = (place + dim + 2 * kLine) / kLine * kLine;
    for (int64_t i = size(); i < end; ++i) {
      values_.push_back(12345.678F + static_cast<float>(i % 4096));
    }
    return place;
  }

  int64_t add_random_row(int64_t dim, int64_t shift, std::mt19937_64& random) {
    const int64_t place = add_row(dim, shift);
    for (int64_t e = 0; e < dim; ++e) {
      // 25 random bits as a value in [-4, 4): the standard's distributions would be most of the tests' time.
      at(place + e) = (static_cast<float>(random() >> 39) - 0x1p24F) * 0x1p-22F;
    }
    return place;
  }

  // Takes over another arena's rows; they lie so much further on.
  int64_t append(const Arena& other) {
    const int64_t by = size() - kFirst;
    values_.insert(values_.end(), other.values_.begin() + kFirst, other.values_.end());
    return by;
  }

  float& at(int64_t place) { return values_[static_cast<size_t>(place)]; }
  const float& at(int64_t place) const { return values_[static_cast<size_t>(place)]; }
  float* data() { return values_.data(); }
  int64_t size() const { return static_cast<int64_t>(values_.size()); }

  // Equal bits everywhere: rows, and all that lies around them. A NaN is only said to be one (common.h).
  bool operator==(const Arena& other) const { return same_bits(values_, other.values_); }

 private:
  static constexpr int64_t kFirst = 16;

  std::vector<float> values_ = std::vector<float>(kFirst, 1.0F);
};

// A table of combinations, with places for addresses.
struct Terms {
  std::vector<int64_t> out;
  std::vector<int32_t> counts;
  std::vector<int64_t> inputs;
  std::vector<double> coefficients;

  int64_t rows() const { return static_cast<int64_t>(counts.size()); }

  // Entries past the row's terms are poisoned: whoever reads them will be noticed.
  void add(int64_t out_place, const std::vector<int64_t>& row_inputs, const std::vector<double>& row_coefficients) {
    out.push_back(out_place);
    counts.push_back(static_cast<int32_t>(row_inputs.size()));
    for (size_t k = 0; k < PARAFLUX_MAX_TERMS; ++k) {
      inputs.push_back(k < row_inputs.size() ? row_inputs[k] : -1);
      coefficients.push_back(k < row_inputs.size() ? row_coefficients[k] : 1e300);
    }
  }
};
